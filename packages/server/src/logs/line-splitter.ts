/** Cuts bytes into lines of text, with bounded memory: a line that never ends is cut short and its rest dropped. */

export const maxLineBytes = 8 * 1024;

export interface LineSplitter {
  /** The lines that `chunk` completed. Bytes that are no UTF-8 become U+FFFD. */
  push(chunk: Buffer): string[];
  /** The line begun and not ended, if any. */
  rest(): string[];
  reset(): void;
}

export function createLineSplitter(): LineSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;

  const hold = (piece: Buffer) => {
    const room = maxLineBytes + 1 - heldBytes;
    if (room <= 0 || piece.length === 0) return;
    // A copy: a slice would keep the whole chunk alive.
    held.push(Buffer.from(piece.subarray(0, room)));
    heldBytes += Math.min(room, piece.length);
  };
  const take = (): string => {
    const bytes = Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    const cut = bytes.length > maxLineBytes;
    const text = bytes.subarray(0, maxLineBytes).toString('utf8').replace(/\r$/, '');
    return cut ? `${text}…` : text;
  };

  return {
    push: (chunk) => {
      const lines: string[] = [];
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
        hold(chunk.subarray(from, end));
        lines.push(take());
        from = end + 1;
      }
      hold(chunk.subarray(from));
      return lines;
    },
    rest: () => (heldBytes > 0 ? [take()] : []),
    reset: () => {
      held = [];
      heldBytes = 0;
    },
  };
}
