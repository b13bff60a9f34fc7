/** One CLI mode of a platform and how it looks. */
export interface Mode {
  readonly name: string;
  /** Matches the whole last line. Group `host`, if named, is the hostname and is learned from the first prompt. */
  readonly prompt: RegExp;
}

/** A way from one mode to another. */
export interface ModeMove {
  readonly from: string;
  readonly to: string;
  readonly send: string;
  /** Question in between, such as the enable password. The answer `secret:enable` is filled from the login's secrets. */
  readonly dialogs?: readonly Dialog[];
}

/** A question a device may ask and the literal answer. */
export interface Dialog {
  /** Source of a regular expression, matched against the unanswered tail of the output. */
  readonly ask: string;
  /** Sent as it is. */
  readonly answer: string;
  /** Is a carriage return sent behind the answer? `[confirm]` questions take one key. Default true. */
  readonly enter?: boolean;
}

/** How a platform's command line is spoken: data only. */
export interface Dialect {
  readonly modes: readonly Mode[];
  readonly moves: readonly ModeMove[];
  /** The mode that commands are sent in. */
  readonly home: string;
  /** Sent once after login, in the home mode: paging off, wide terminal. */
  readonly onOpen: readonly string[];
  /** Pagers that appear all the same, and the key that goes on. */
  readonly pagers: readonly { readonly match: RegExp; readonly key: string }[];
  /** Lines by which the device says that a command failed. */
  readonly failures: readonly RegExp[];
  /** Log lines that may stand in the middle of any output; taken out of it. */
  readonly noise: readonly RegExp[];
  /** Read-only commands that may be sent at any time. Anchored. */
  readonly readOnly: readonly RegExp[];
}

/** Limits of one command; all monotonic. */
export interface CommandLimits {
  /** Longest silence. */
  readonly idleMs: number;
  /** Whole command. */
  readonly totalMs: number;
  /** Output kept; more ends the command with `overflow`. */
  readonly outputBytesMax: number;
}

/** What a command led to. Only `output` and `failed` leave the session usable. */
export type CommandOutcome =
  | { readonly kind: 'output'; readonly text: string; readonly mode: string }
  /** The device said no: a failure marker stood in the output. */
  | { readonly kind: 'failed'; readonly text: string; readonly marker: string }
  /** A line that looks like a question to us, not among the expected ones; nothing was answered. */
  | { readonly kind: 'question'; readonly text: string }
  | { readonly kind: 'closed'; readonly text: string; readonly detail: string }
  | { readonly kind: 'idle-limit'; readonly text: string }
  | { readonly kind: 'total-limit'; readonly text: string }
  | { readonly kind: 'overflow'; readonly text: string };

export interface CommandOptions {
  readonly limits?: Partial<CommandLimits>;
  readonly dialogs?: readonly Dialog[];
}

/** One exchange, for the transcript. Text is redacted by whoever stores it. */
export interface TranscriptEntry {
  readonly atMs: number;
  readonly sent: string;
  readonly received: string;
  readonly outcome: CommandOutcome['kind'];
}

/** An interactive CLI session. One command at a time. */
export interface CliSession {
  readonly isOpen: boolean;
  /** The hostname learned from the prompt, if the prompt shows one. */
  readonly hostname: string | undefined;
  /** What the device printed before the first prompt. */
  readonly banner: string;
  /**
   * Sends one line and reads to the prompt. A line that is neither read-only in the dialect nor let through by the
   * session's current permission is a Fault `line-not-permitted`, and nothing is sent. Never throws for what a device does.
   */
  send(line: string, options?: CommandOptions): Promise<CommandOutcome>;
  /** Text of a read-only command; Fault `garbled-answer`, `session-limit` or `unreachable` when there is none. */
  read(line: string, options?: CommandOptions): Promise<string>;
  close(): void;
}
