import type { Clock } from '../ports/clock.js';
import type { Stream } from './console.js';

const FRAME_MS = 200;
const TICK_MS = 1000;

const CLEAR_TO_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

export interface PainterOptions {
  readonly clock: Clock;
  readonly stream: Stream;
  readonly frame: () => readonly string[];
  readonly redact: (text: string) => string;
}

/** Paints frames in place, at most five a second and at least one; the last frame stays on the screen. */
export class Painter {
  readonly #options: PainterOptions;
  #height = 0;
  #cancel: (() => void) | undefined;
  #isFrameDue = false;
  #ended = false;

  constructor(options: PainterOptions) {
    this.#options = options;
    options.stream.write(HIDE_CURSOR);
    this.#paint();
  }

  /** Something changed: it is shown with the next frame. */
  touch(): void {
    if (this.#isFrameDue || this.#ended) return;
    this.#isFrameDue = true;
    this.#paintAfter(FRAME_MS);
  }

  end(): void {
    if (this.#ended) return;
    this.#cancel?.();
    this.#paint();
    this.#ended = true;
    this.#cancel?.();
    this.#options.stream.write(SHOW_CURSOR);
  }

  #paintAfter(delayMs: number): void {
    this.#cancel?.();
    this.#cancel = this.#options.clock.monotonicTimer(delayMs, () => this.#paint());
  }

  #paint(): void {
    const { stream, frame, redact } = this.#options;
    const lines = redact(frame().join('\n')).split('\n');
    const up = this.#height > 0 ? `\u001b[${this.#height}A\r` : '';
    const text = lines.map((each) => `${each}${CLEAR_TO_END}\n`).join('');
    stream.write(`${up}${text}${CLEAR_BELOW}`);
    this.#height = lines.length;
    this.#isFrameDue = false;
    this.#paintAfter(TICK_MS);
  }
}
