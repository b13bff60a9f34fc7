/** Longest control string (title, device control) that is skipped before it is taken for text again. */
const CONTROL_STRING_MAX = 4096;
const CSI_MAX = 64;
/** A run of characters that only move the cursor to the right. */
// oxlint-disable-next-line no-control-regex -- control characters are the subject here
const PLAIN = /[^\u0000-\u0008\u000a-\u001f\u007f-\u009f]+/y;

type State = 'text' | 'escape' | 'csi' | 'control-string' | 'control-string-escape' | 'charset';

const AFTER_ESCAPE: Readonly<Record<string, State>> = {
  '[': 'csi',
  ']': 'control-string',
  P: 'control-string',
  '^': 'control-string',
  _: 'control-string',
  '(': 'charset',
  ')': 'charset',
  '#': 'charset',
  '\u001b': 'escape',
};

/**
 * What a terminal of one line's height would show: carriage returns and backspaces overwrite, erase sequences erase,
 * all other control sequences vanish. Depends on the characters only, not on how they are cut into chunks.
 */
export class Screen {
  readonly #lines: string[] = [];
  #current = '';
  #column = 0;
  #overwritten = false;
  #mode: State = 'text';
  #sequence = '';
  #row: number | undefined;
  #controlLength = 0;

  /** Finished lines since the last `clear`. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** The line that the cursor is on. */
  get current(): string {
    return this.#overwritten ? this.#current.trimEnd() : this.#current;
  }

  /** All text, lines parted by `\n`. */
  get text(): string {
    return [...this.#lines, this.current].join('\n');
  }

  /** Forgets all lines; a control sequence under way stays under way. */
  clear(): void {
    this.#lines.length = 0;
    this.eraseCurrent();
  }

  /** Empties the line that the cursor is on. */
  eraseCurrent(): void {
    this.#current = '';
    this.#column = 0;
    this.#overwritten = false;
  }

  feed(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.#mode === 'text') {
        PLAIN.lastIndex = at;
        const run = PLAIN.exec(text)?.[0];
        if (run !== undefined) {
          this.#print(run);
          at += run.length;
          continue;
        }
      }
      this.#character(text.charAt(at));
      at += 1;
    }
  }

  #print(run: string): void {
    if (this.#column === this.#current.length) {
      this.#current += run;
    } else {
      const before = this.#current.slice(0, this.#column);
      this.#current = before + run + this.#current.slice(this.#column + run.length);
      this.#overwritten = true;
    }
    this.#column += run.length;
  }

  #newLine(): void {
    this.#lines.push(this.current);
    this.eraseCurrent();
  }

  #character(character: string): void {
    switch (this.#mode) {
      case 'text':
        return this.#control(character);
      case 'escape':
        return this.#afterEscape(character);
      case 'csi':
        return this.#inCsi(character);
      case 'charset':
        this.#mode = 'text';
        return;
      case 'control-string':
      case 'control-string-escape':
        return this.#inControlString(character);
    }
  }

  #control(character: string): void {
    if (character === '\n') this.#newLine();
    else if (character === '\r') this.#column = 0;
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character === '\u001b') this.#mode = 'escape';
    else if (character === '\u009b') this.#startCsi();
  }

  #startCsi(): void {
    this.#mode = 'csi';
    this.#sequence = '';
  }

  #afterEscape(character: string): void {
    this.#mode = AFTER_ESCAPE[character] ?? 'text';
    this.#sequence = '';
    this.#controlLength = 0;
    if (character === 'E' || character === 'D') this.#newLine();
    else if (character < ' ' && this.#mode === 'text') this.#control(character);
  }

  #inControlString(character: string): void {
    this.#controlLength += 1;
    const ends = character === '\u0007' || character === '\u009c';
    const escaped = this.#mode === 'control-string-escape' && character === '\\';
    if (ends || escaped || this.#controlLength > CONTROL_STRING_MAX) this.#mode = 'text';
    else this.#mode = character === '\u001b' ? 'control-string-escape' : 'control-string';
  }

  #inCsi(character: string): void {
    if (character >= '@' && character <= '~') {
      this.#mode = 'text';
      this.#runCsi(character);
    } else if (character === '\u001b') {
      this.#mode = 'escape';
    } else if (character < ' ') {
      this.#control(character);
    } else {
      this.#sequence += character;
      if (this.#sequence.length > CSI_MAX) this.#mode = 'text';
    }
  }

  #runCsi(final: string): void {
    const [first, second] = this.#sequence.split(';').map((part) => Number.parseInt(part, 10));
    const count = (fallback: number) => (Number.isNaN(first) ? fallback : (first ?? fallback));
    switch (final) {
      case 'K':
        return this.#eraseLine(count(0));
      case 'J':
        return count(0) >= 2 ? this.#leaveLine() : undefined;
      case 'C':
        return this.#moveTo(this.#column + count(1));
      case 'D':
        return this.#moveTo(this.#column - count(1));
      case 'G':
        return this.#moveTo(count(1) - 1);
      case 'H':
      case 'f':
        return this.#position(count(1), (second ?? 1) - 1);
    }
  }

  #leaveLine(): void {
    if (this.#current !== '') this.#newLine();
  }

  /** Only one row is kept: a move to another row begins a new line, a move within the row is a move of the column. */
  #position(row: number, column: number): void {
    if (this.#row !== undefined && this.#row !== row) this.#leaveLine();
    this.#row = row;
    this.#moveTo(Number.isNaN(column) ? 0 : column);
  }

  #moveTo(column: number): void {
    this.#column = Math.max(0, Math.min(column, 4096));
    if (this.#column > this.#current.length) {
      this.#current = this.#current.padEnd(this.#column);
      this.#overwritten = true;
    }
  }

  #eraseLine(how: number): void {
    if (how === 0) this.#current = this.#current.slice(0, this.#column);
    else if (how === 1)
      this.#current = ' '.repeat(this.#column) + this.#current.slice(this.#column);
    else this.#current = ' '.repeat(this.#column);
    this.#overwritten = true;
  }
}
