import type { SimDevice, SimShell } from '../../src/driver/personality.js';
import { modelNamed } from './personality-models.js';
import { isDual, readOwn } from './personality-state.js';

/** Where a shell is: on which engine, in operational or configuration mode, at which level of the configuration. */
export interface ShellPlace {
  /** The engine that the session moved to with `request routing-engine login`; undefined: the master. */
  readonly engine: string | undefined;
  readonly kind: 'operational' | 'configuration';
  /** The number of an exclusive or private session; zero: it edits what all share. */
  readonly ticket: number;
  readonly hold: 'shared' | 'exclusive' | 'private';
  /** Statements from the top down to the level. */
  readonly level: readonly string[];
}

const SEPARATOR = '\n';
const HOLDS: readonly ShellPlace['hold'][] = ['shared', 'exclusive', 'private'];

export const OPERATIONAL: ShellPlace = {
  engine: undefined,
  kind: 'operational',
  ticket: 0,
  hold: 'shared',
  level: [],
};

/** The place as the text that a shell keeps as its mode. */
export function modeOf(place: ShellPlace): string {
  const { engine = '-', kind, hold, ticket, level } = place;
  return [`${kind} ${engine} ${hold} ${ticket}`, ...level].join(SEPARATOR);
}

export function placeOf(shell: SimShell): ShellPlace {
  const [head = '', ...level] = shell.mode.split(SEPARATOR);
  const [kind, engine = '-', hold, ticket] = head.split(' ');
  return {
    engine: engine === '-' ? undefined : engine,
    kind: kind === 'configuration' ? 'configuration' : 'operational',
    hold: HOLDS.find((each) => each === hold) ?? 'shared',
    ticket: Number(ticket) || 0,
    level,
  };
}

export function atPlace(shell: SimShell, place: ShellPlace): SimShell {
  return { ...shell, mode: modeOf(place) };
}

/** The line that holds the prompt; the lines above it belong to the output before. */
export function promptText(device: SimDevice, shell: SimShell): string {
  if (shell.question !== undefined) return '';
  const mark = placeOf(shell).kind === 'configuration' ? '#' : '>';
  const host = device.hostname === '' ? '' : `@${device.hostname}`;
  return `${device.login.username}${host}${mark} `;
}

/** The part in braces: which of two engines this is, or which member of a virtual chassis. */
function roleText(device: SimDevice, { engine }: ShellPlace): string {
  if (!isDual(device)) return modelNamed(device.model).kind === 'switch' ? '{master:0}' : '';
  const { master } = readOwn(device);
  return (engine ?? master) === master ? '{master}' : '{backup}';
}

function warningText(device: SimDevice, nowMs: number): string {
  const { confirmByMs } = readOwn(device);
  if (confirmByMs <= nowMs) return '';
  const minutes = Math.max(1, Math.ceil((confirmByMs - nowMs) / 60_000));
  const unit = minutes === 1 ? 'minute' : 'minutes';
  return `# commit confirmed will be rolled back in ${minutes} ${unit}\r\n`;
}

/** What stands between the end of an output and the prompt. */
export function aboveText(device: SimDevice, shell: SimShell, nowMs: number): string {
  const place = placeOf(shell);
  const isEditing = place.kind === 'configuration';
  const level = place.level.map((words) => ` ${words}`).join('');
  const head = `${roleText(device, place)}${isEditing ? `[edit${level}]` : ''}`;
  const warning = isEditing ? warningText(device, nowMs) : '';
  return `\r\n${warning}${head === '' ? '' : `${head}\r\n`}`;
}
