/** Whether the device has a network. Tidepool on this very machine is reached without one. */
export function hasNetwork(): boolean {
  return navigator.onLine || isThisMachine(location.hostname);
}

/** Hears of each change; never where no network is needed. */
export function onNetworkChange(listener: (isOnline: boolean) => void): void {
  if (isThisMachine(location.hostname)) return;
  addEventListener('offline', () => listener(false));
  addEventListener('online', () => listener(true));
}

/** Names below `localhost` never leave it, nor does 127.0.0.0/8 (RFC 6761, RFC 1122). */
function isThisMachine(hostname: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(hostname);
}
