// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001b\[[0-9;]*m/g;

/** Characters as a terminal counts them: colour codes are none. */
export function widthOf(text: string): number {
  return Array.from(text.replace(COLOUR, '')).length;
}

/** At most `width` characters, the last one a mark that more was there. For text without colour codes. */
export function cut(text: string, width: number, mark: string): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  if (width <= mark.length) return characters.slice(0, Math.max(0, width)).join('');
  return characters.slice(0, width - mark.length).join('') + mark;
}

/** `text` filled with spaces up to `width`, colour codes not counted. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'left' ? text + fill : fill + text;
}

/**
 * Lines of at most `width`, broken between words; a longer word stays whole. The first line keeps the spaces it begins
 * with, later ones begin with `indent`.
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  const [margin = ''] = /^ */.exec(text) ?? [];
  let line = '';
  let start = margin;
  for (const word of text.slice(margin.length).split(' ')) {
    const longer = line === '' ? start + word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line.trimEnd());
      start = indent;
      line = start + word;
    } else line = longer;
  }
  return [...lines, line.trimEnd()];
}

/** `1 unit`, `3 units`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `812 B`, `4.2 kB`, `1.1 GB`. */
export function bytesText(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let at = 0;
  while (value >= 1000 && at < names.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${names[at] ?? ''}`;
}
