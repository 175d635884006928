/** How keys are called where this browser runs. */
const isApple = /mac|iphone|ipad/i.test(navigator.platform);

const names: Readonly<Record<string, string>> = {
  mod: isApple ? '⌘' : 'Ctrl',
  alt: isApple ? '⌥' : 'Alt',
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The caps to draw for a shortcut's `key`: `g w` → `G`, `W`; `mod+k` → `⌘`, `K` or `Ctrl`, `K`. */
export function keyCaps(key: string): readonly string[] {
  return key.split(/[ +]/).map((each) => names[each] ?? (each.length === 1 ? each.toUpperCase() : each));
}

/** For `aria-keyshortcuts`. */
export const paletteKeys = isApple ? 'Meta+K' : 'Control+K';
