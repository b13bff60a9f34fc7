import type { JsonObject } from '../kernel/json.js';
import type { App } from '../app.js';
import type { Report } from '../report/report.js';
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

export type ReportFormat = 'html' | 'md' | 'json';

/** All that the command line is given. Each is fetched only when a command needs it. */
export interface CliParts {
  readonly console: Console;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Who is logged in, for the journal. */
  readonly user: string;
  /** Does not touch the state directory before something of it is asked. */
  open(options: OpenOptions): Promise<OpenApp>;
  lab(context: LabContext): Promise<LabCommands>;
  renderReport(report: Report, format: ReportFormat): Promise<string>;
  /** The published JSON Schemas by name. */
  schemas(): Promise<Readonly<Record<string, JsonObject>>>;
  /** Keeps a typed secret for this process and gives the reference to it. */
  keepSecret(secret: string): string;
}
