/** Where the focus goes when what lay over the page is gone. */

/** To call when something opens. @returns where the focus belongs afterwards */
export function rememberFocus(): () => HTMLElement | false {
  const opener = document.activeElement;
  return () => {
    if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected) return opener;
    // What had it is gone, or nothing had: the next Tab goes on in the page's content, not before all of it.
    return document.getElementById('main') ?? false;
  };
}
