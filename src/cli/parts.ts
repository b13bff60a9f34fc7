import type { JsonObject } from '../kernel/json.js';
import type { StateKeeper } from '../ports/state-keeper.js';
import type { App } from '../app.js';
import type { Report } from '../report/report.js';
import type { Progress } from '../run/step-context.js';
import type { Console } from './console.js';
import type { LabCommands, LabContext } from './lab-commands.js';

export interface OpenOptions {
  readonly state: string;
  /** The state directory is only read, and is not made. */
  readonly readOnly: boolean;
  readonly labClock: string | undefined;
}

/** The App with what it stands on, to be closed. */
export interface OpenApp {
  readonly app: App;
  /** Where the log goes. */
  readonly logFile: string;
  close(): Promise<void>;
}

/** This command line again, in a process of its own that outlives the terminal. */
export interface DetachedRun {
  readonly pid: number;
  /** The name of its run once that goes; undefined when the process ended before. */
  readonly begun: Promise<string | undefined>;
  /** The exit code of what came of the run. */
  readonly ended: Promise<number>;
  /** As Ctrl-C: the first asks for a safe point, the second ends at once. */
  stop(): void;
  /** Lets go of it: it lives on. */
  release(): void;
}

export interface DetachRequest {
  readonly logFile: string;
  /** What it says on its way: why it does not begin, what it waits for, how it ends. */
  readonly said: (text: string) => void;
  readonly progress: (progress: Progress) => void;
}

/** Who started this process detached, as long as that listens. */
export interface Launcher {
  begun(run: string): void;
  /** The run is over, though this process may stay. */
  ended(exitCode: number): void;
  progress(progress: Progress): void;
}

export type ReportFormat = 'html' | 'md' | 'json';

/** All that the command line is given. Each is fetched only when a command needs it. */
export interface CliParts {
  readonly console: Console;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** The words that start this very program: absolute paths. */
  readonly program: readonly string[];
  readonly home: string;
  /** Who is logged in, for the journal. */
  readonly user: string;
  /** What this machine brings along, and the room where the state is. */
  readonly machine?: (state: string) => Promise<{
    readonly node: string;
    readonly nativeCrypto: boolean;
    readonly freeBytes: number;
  }>;
  detach(request: DetachRequest): DetachedRun;
  /** Undefined: this process works where it was started. */
  readonly launcher?: Launcher | undefined;
  /** Does not touch the state directory before something of it is asked. */
  open(options: OpenOptions): Promise<OpenApp>;
  lab(context: LabContext): Promise<LabCommands>;
  /** Looks after the state directory as a whole; opens nothing itself. */
  keeper(options: Omit<OpenOptions, 'readOnly'>): Promise<StateKeeper>;
  renderReport(report: Report, format: ReportFormat): Promise<string>;
  /** The published JSON Schemas by name. */
  schemas(): Promise<Readonly<Record<string, JsonObject>>>;
  /** Keeps a typed secret for this process and gives the reference to it. */
  keepSecret(secret: string): string;
}
