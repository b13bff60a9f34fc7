import { Fault } from '../kernel/fault.js';
import { suggest } from '../kernel/suggest.js';
import type { StateKeeper } from '../ports/state-keeper.js';
import type { App } from '../app.js';
import type { Inventory, Unit } from '../inventory/inventory.js';
import type { LabCommands } from './lab-commands.js';
import { makeOutput, type Output } from './output.js';
import type { CliParts, OpenApp } from './parts.js';
import type { ResultForm } from './result-form.js';
import type { Settings } from './settings.js';

/** What one command works at: settings, output, and the App once it is asked for. */
export interface Desk {
  readonly parts: CliParts;
  readonly settings: Settings;
  readonly out: Output;
  /** Opened once. `read` leaves the state directory untouched. */
  readonly app: (use: 'read' | 'write') => Promise<App>;
  /** The inventory folder: as named, else `./inventory` if it is there, else `.`. */
  inventoryDirectory(app: App): Promise<string>;
  inventory(app: App): Promise<Inventory>;
  /** The units that --limit selects; Fault `nobody-matches`. */
  units(app: App, inventory: Inventory): readonly Unit[];
  lab(app: App, stop: AbortSignal): Promise<LabCommands>;
  keeper(): Promise<StateKeeper>;
  /** Once opened: where the log is. */
  readonly logFile: string | undefined;
  readonly redact: (text: string) => string;
  /** The stack of a bug of ours goes to the log, if the App was opened. */
  readonly logBug: (thrown: unknown) => void;
  close(): Promise<void>;
}

/** The command's desk; nothing is opened yet. */
export function setUpDesk(parts: CliParts, settings: Settings, form: ResultForm): Desk {
  let opened: OpenApp | undefined;
  const redact = (text: string) => opened?.app.world.secrets.redact(text) ?? text;
  const desk: Desk = {
    parts,
    settings,
    out: makeOutput(parts.console, settings, { env: parts.env, redact, form }),
    async app(use) {
      const { state, labClock } = settings;
      opened ??= await parts.open({ state, labClock, readOnly: use === 'read' });
      return opened.app;
    },
    async inventoryDirectory(app) {
      if (settings.inventory !== undefined) return settings.inventory;
      return (await app.world.files.stat('inventory'))?.isDirectory ? 'inventory' : '.';
    },
    inventory: async (app) => app.inventory(await desk.inventoryDirectory(app)),
    units(app, inventory) {
      const units = app.select(inventory, settings.limit === '' ? 'all' : settings.limit);
      if (units.length > 0) return units;
      throw new Fault('nobody-matches', `--limit ${settings.limit}: no unit matches`);
    },
    lab: async (app, stop) =>
      parts.lab({
        app,
        stop,
        stateDirectory: settings.state,
        inventoryDirectory: await desk.inventoryDirectory(app),
        say: desk.out.say,
      }),
    keeper: () => parts.keeper({ state: settings.state, labClock: settings.labClock }),
    get logFile() {
      return opened?.logFile;
    },
    redact,
    logBug(thrown) {
      const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      opened?.app.world.log.write('error', 'the command failed', { stack });
    },
    async close() {
      await opened?.close();
    },
  };
  return desk;
}

/** A text that an option must have. Fault `usage`. */
export function required(value: string | undefined, option: string, mend: string): string {
  if (value !== undefined && value.trim() !== '') return value;
  throw new Fault('usage', `${option} is required`, { mend });
}

/** A whole number of an option, from 1 to `most`. Fault `usage`. */
export function wholeNumber(text: string, option: string, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= most) return number;
  throw new Fault('usage', `${option} ${text}: a whole number from 1 to ${most} is wanted`);
}

/** The one unit of that name. Fault `usage` with what may have been meant. */
export function unitNamed(inventory: Inventory, name: string): Unit {
  const found = inventory.units.find((each) => each.id === name);
  if (found) return found;
  const near = suggest(
    name,
    inventory.units.map((each) => each.id),
  );
  throw new Fault('usage', `there is no unit ${name}`, {
    mend: near ? `did you mean ${near}?` : 'nightshift inventory list shows them',
  });
}

/** One of a few words. Fault `usage` with what may have been meant. */
export function oneOf<T extends string>(text: string, option: string, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  const near = suggest(text, known);
  const mend = near ? `did you mean ${near}?` : `one of ${known.join(', ')}`;
  throw new Fault('usage', `${option} ${text} is not known`, { mend });
}
