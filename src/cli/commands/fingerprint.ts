import type { Command } from 'commander';
import { formatDuration } from '../../kernel/duration.js';
import type { Sighting } from '../../fingerprint/fleet.js';
import { makeCounter } from '../counter.js';
import { required, wholeNumber, type Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime } from '../moment.js';
import { count } from '../text.js';
import { oneLine } from '../visible.js';

interface FingerprintOptions {
  readonly acceptNew?: boolean;
  readonly reason?: string;
  readonly parallel: string;
}

function whenSeen(read: (seen: Extract<Sighting, { kind: 'seen' }>) => string) {
  return (sighting: Sighting) => (sighting.kind === 'seen' ? read(sighting) : '');
}

/** Why a unit was not seen, without its name before it: that stands in the row already. */
function ownWhy({ unit, why }: Extract<Sighting, { kind: 'not-seen' }>): string {
  return why.startsWith(`${unit}: `) ? why.slice(unit.length + 2) : why;
}

const columns: readonly Column<Sighting>[] = [
  { key: 'unit', value: (each) => each.unit },
  {
    key: 'seen',
    value: (each) => each.kind === 'seen',
    text: (each) => (each.kind === 'seen' ? 'yes' : 'no'),
    paint: (each, paint) => (each.kind === 'seen' ? paint.good : paint.bad),
  },
  { key: 'platform', value: whenSeen(({ facts }) => facts.platform) },
  { key: 'model', value: whenSeen(({ facts }) => facts.model) },
  { key: 'version', value: whenSeen(({ facts }) => facts.runningVersion) },
  { key: 'hostname', value: whenSeen(({ facts }) => facts.hostname), wide: true },
  {
    key: 'serials',
    value: (each) => (each.kind === 'seen' ? each.facts.serials : []),
    wide: true,
  },
  { key: 'nextBoot', value: whenSeen(({ facts }) => facts.nextBoot ?? ''), wide: true },
  {
    key: 'uptimeMs',
    title: 'up',
    value: (each) => (each.kind === 'seen' ? (each.facts.uptimeMs ?? null) : null),
    text: whenSeen(({ facts }) =>
      facts.uptimeMs === undefined ? '' : formatDuration(facts.uptimeMs),
    ),
    wide: true,
  },
  { key: 'hostKey', value: whenSeen((each) => each.hostKey), wide: true },
  { key: 'at', value: (each) => isoTime(each.atMs), wide: true },
  { key: 'code', value: (each) => (each.kind === 'seen' ? '' : each.code), wide: true },
  {
    key: 'why',
    value: (each) => (each.kind === 'seen' ? '' : each.why),
    text: (each) => (each.kind === 'seen' ? '' : `${ownWhy(each)} [${each.code}]`),
    flow: true,
  },
  {
    key: 'evidence',
    value: (each) => each.evidence.map(({ how, text }) => `${how}: ${oneLine(text)}`),
    wide: true,
  },
];

function endOf(sightings: readonly Sighting[]): number {
  const seen = sightings.filter((each) => each.kind === 'seen').length;
  if (seen === sightings.length) return exitCodes.done;
  return seen === 0 ? exitCodes.toolError : exitCodes.partial;
}

/** What to do about the units that were not seen. */
function sayUnseen({ out }: Desk, sightings: readonly Sighting[], accept: boolean): void {
  const failed = sightings.flatMap((each) => (each.kind === 'not-seen' ? [each] : []));
  if (failed.length === 0) return;
  out.warn(`${failed.length} of ${sightings.length} not seen`);
  const codes = [...new Set(failed.map((each) => each.code))];
  out.say(`  more: nightshift explain ${codes.join(' | ')}`);
  const unknown = failed.filter((each) => each.code === 'host-key-unknown');
  if (unknown.length === 0 || accept) return;
  const names = unknown.map((each) => each.unit).join(',');
  out.say('First contact: compare the keys with the consoles, then');
  out.say(
    out.talkPaint.bold(`  nightshift fingerprint --limit ${names} --accept-new --reason "..."`),
  );
}

async function look(desk: Desk, options: FingerprintOptions): Promise<number> {
  const parallel = wholeNumber(options.parallel, '--parallel', 256);
  const accept = options.acceptNew === true;
  const reason = accept ? required(options.reason, '--reason', 'why these keys are right') : '';
  const app = await desk.app('write');
  const units = desk.units(app, await desk.inventory(app));
  desk.out.say(`looking at ${count(units.length, 'unit')}`);
  const counter = makeCounter(desk.parts.console.err, units.length);
  let lost = 0;
  const onSighting = (each: Sighting) => {
    if (each.kind === 'not-seen') lost += 1;
    counter.step(lost > 0 ? `${lost} not seen` : '');
  };
  const accepting = accept ? { acceptFirst: { by: desk.parts.user, reason } } : {};
  const sightings = await app
    .fingerprint({ units, parallel, onSighting, ...accepting })
    .finally(() => counter.end());
  desk.out.list(columns, sightings);
  sayUnseen(desk, sightings, accept);
  return endOf(sightings);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('fingerprint')
    .description('find out what each unit is and runs: SNMP first, SSH to confirm')
    .option('--accept-new', 'take the host keys of units that have none yet')
    .option('--reason <text>', 'why, for the record')
    .option('--parallel <n>', 'units at a time', '32')
    .action((options: FingerprintOptions, command: Command) =>
      invocation.act(command, (desk) => look(desk, options)),
    );
}
