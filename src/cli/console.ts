/** One of the two output streams, as it is at this moment. */
export interface Stream {
  readonly isTerminal: boolean;
  /** Undefined where there is no terminal. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** Never throws; text after the reader went away is dropped. */
  write(text: string): void;
}

/** Ctrl-C; a request to end; a terminal that went away. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The person's end of the program: two streams out, questions, signals. */
export interface Console {
  /** Data. */
  readonly out: Stream;
  /** Talk: progress, warnings, errors. */
  readonly err: Stream;
  /** Can a person answer questions? */
  readonly canAsk: boolean;
  /** Reads a line without showing it; undefined when the person gave up. */
  askSecret(question: string): Promise<string | undefined>;
  /** True for `y` and `yes`. */
  askYes(question: string): Promise<boolean>;
  /** Calls at every request to stop (Ctrl-C, SIGTERM, SIGHUP) until taken back. */
  onStop(listener: (signal: StopSignal) => void): () => void;
  /** Calls at every key until taken back; Ctrl-C stays a request to stop. Nobody at the keyboard: never. */
  onKey(listener: (key: string) => void): () => void;
  /** Ends the process at once. */
  quit(exitCode: number): void;
}
