import { Fault } from '../kernel/fault.js';
import { suggest } from '../kernel/suggest.js';
import { formats, type Format } from './list.js';
import type { ColourWish } from './paint.js';

/** The options that every command takes, resolved. */
export interface Settings {
  /** As typed; undefined: `./inventory` if it is there, else `.`. */
  readonly inventory: string | undefined;
  readonly state: string;
  readonly format: Format;
  readonly limit: string;
  readonly colour: ColourWish;
  readonly yes: boolean;
  /** A lab-state.json whose scaled clock counts; undefined: the machine's. */
  readonly labClock: string | undefined;
}

/** What commander gives for the global options. */
export interface GlobalOptions {
  readonly inventory?: string;
  readonly state?: string;
  readonly output?: string;
  readonly limit?: string;
  readonly color?: boolean;
  readonly yes?: boolean;
  readonly labClock?: string;
}

/** What people call some formats. */
const otherNames: Readonly<Record<string, Format>> = { text: 'table', md: 'markdown' };

function formatOf(text: string): Format {
  const other = Object.hasOwn(otherNames, text) ? otherNames[text] : undefined;
  if (other) return other;
  const found = formats.find((each) => each === text);
  if (found) return found;
  const near = suggest(text, formats);
  const mend = near ? `did you mean ${near}?` : `one of text, ${formats.slice(1).join(', ')}`;
  throw new Fault('usage', `-o ${text}: no such format`, { mend });
}

function colourOf(color: boolean | undefined): ColourWish {
  if (color === undefined) return 'auto';
  return color ? 'always' : 'never';
}

/** Fault `usage` for a format that there is not. */
export function settingsOf(
  options: GlobalOptions,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  return {
    inventory: options.inventory,
    state: options.state ?? (env['NIGHTSHIFT_STATE'] || '.nightshift'),
    format: formatOf(options.output ?? 'table'),
    limit: options.limit ?? '',
    colour: colourOf(options.color),
    yes: options.yes ?? false,
    labClock: options.labClock ?? (env['NIGHTSHIFT_LAB_CLOCK'] || undefined),
  };
}
