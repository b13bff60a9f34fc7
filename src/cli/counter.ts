import type { Stream } from './console.js';

const CLEAR_LINE = '\r\u001b[K';

/** Counts on one line of a terminal, `3 of 10, 1 not seen`; says nothing where nobody looks. */
export interface Counter {
  /** One more is over; `rest` is said after the number. */
  step(rest: string): void;
  /** Takes the line away; harmless twice. */
  end(): void;
}

export function makeCounter(stream: Stream, of: number): Counter {
  let done = 0;
  return {
    step(rest) {
      done += 1;
      const text = rest === '' ? `${done} of ${of}` : `${done} of ${of}, ${rest}`;
      if (stream.isTerminal) stream.write(`${CLEAR_LINE}${text}`);
    },
    end() {
      if (stream.isTerminal && done > 0) stream.write(CLEAR_LINE);
      done = 0;
    },
  };
}
