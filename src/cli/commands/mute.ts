import { InvalidArgumentError, type Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import { formatDuration, parseDurationMs } from '../../kernel/duration.js';
import type { UnitId } from '../../kernel/id.js';
import type { App } from '../../app.js';
import type { MuteBook, MuteStanding } from '../../notice/mute.js';
import type { RunRow } from '../../run/run.js';
import { required, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime, utcTime } from '../moment.js';

const MUTE_MS_MAX = 24 * 3_600_000;
const CARRY_MS_MAX = 60_000;

interface MuteOptions {
  readonly for?: number;
  readonly reason?: string;
  readonly lift?: boolean;
}

const columns: readonly Column<MuteStanding>[] = [
  { key: 'unit', value: ({ mute }) => mute.unit },
  { key: 'hook', value: ({ hook }) => hook },
  {
    key: 'quietUntil',
    title: 'quiet until',
    value: ({ quietUntilMs }) => (quietUntilMs === undefined ? null : isoTime(quietUntilMs)),
    text: ({ quietUntilMs }) => (quietUntilMs === undefined ? 'lifted' : utcTime(quietUntilMs)),
  },
  { key: 'why', value: ({ mute }) => mute.why, flow: true },
  { key: 'failed', value: ({ why }) => why, flow: true },
];

/** The units of the running wave, or of them those that --limit selects. */
async function scopeOf(desk: Desk, app: App, row: RunRow): Promise<readonly UnitId[]> {
  const { plan, state } = await app.runState(row);
  const wave = plan.body.waves[Math.min(state.wave, plan.body.waves.length - 1)];
  const units = wave?.units ?? [];
  if (desk.settings.limit === '') return units;
  const inventory = await desk.inventory(app);
  const planned = new Set(plan.body.units.map((each) => each.unit));
  const chosen = desk.units(app, inventory).map((each) => each.id);
  const found = chosen.filter((each) => planned.has(each));
  if (found.length > 0) return found;
  throw new Fault('nobody-matches', `--limit ${desk.settings.limit}: no unit of this run matches`);
}

async function lift(desk: Desk, app: App, about: { row: RunRow; book: MuteBook }): Promise<void> {
  const { row, book } = about;
  const units = new Set(desk.settings.limit === '' ? [] : await scopeOf(desk, app, row));
  const asked = book.asked.filter((each) => units.size === 0 || units.has(each.mute.unit));
  const mutes = asked.map((each) => each.mute.id);
  if (mutes.length > 0) await app.notices.unmute(row.run, { mutes, by: desk.parts.user });
  desk.out.say(`${mutes.length} mute(s) that a person asked for are withdrawn`);
}

/** Whoever sends notices carries it out; when nobody does, this process does it itself. */
async function carryOut(desk: Desk, app: App): Promise<void> {
  const inventory = await desk.inventory(app);
  const teller = await app.notices.teller(inventory, `${desk.parts.user}, mute`);
  await teller.close(CARRY_MS_MAX);
}

async function mute(desk: Desk, name: string, options: MuteOptions): Promise<void> {
  const isChange = options.lift === true || options.for !== undefined;
  const app = await desk.app(isChange ? 'write' : 'read');
  const row = await app.findRun(name);
  const book = await app.notices.mutes(row.run);
  if (!isChange) return desk.out.list(columns, book.standings);
  if (options.lift === true) await lift(desk, app, { row, book });
  else {
    const reason = required(options.reason, '--reason', 'say why: --reason "..."');
    const rules = await app.notices.rules(await desk.inventory(app));
    if (rules.mutes.length === 0) {
      throw new Fault('usage', 'notices.yaml names nobody under `mutes`', {
        mend: 'nightshift schema notices',
      });
    }
    const nowMs = app.world.clock.now();
    const forMs = options.for ?? 0;
    const by = desk.parts.user;
    for (const unit of await scopeOf(desk, app, row)) {
      const wanted = { unit, untilMs: nowMs + forMs, why: `${by}: ${reason}` };
      await app.notices.mute(row.run, {
        mute: { id: `${row.run}.mute.${unit}.by-hand.${nowMs}`, ...wanted },
        by,
      });
      desk.out.say(`${unit}: quiet for ${formatDuration(forMs)}, then it ends by itself`);
    }
  }
  await carryOut(desk, app);
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0 && ms <= MUTE_MS_MAX) return ms;
  throw new InvalidArgumentError('A mute lasts PT1M to P1D.');
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('mute')
    .description(
      'show which units the monitoring keeps quiet about; with --for, ask it for the units of the running wave',
    )
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .option('--for <duration>', 'keep quiet for so long: PT1H', duration)
    .option('--reason <text>', 'why (required with --for)')
    .option('--lift', 'withdraw what people asked for')
    .action((name: string, options: MuteOptions, command: Command) =>
      invocation.act(command, (desk) => mute(desk, name, options)),
    );
}
