import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recall } from '../../src/kernel/recall.js';
import { runId } from '../../src/kernel/id.js';
import type { Plan } from '../../src/plan/plan.js';
import { readRun } from '../../src/run/run.js';
import type { RunState } from '../../src/run/state.js';
import { deviceState, truth, wireLog } from '../../lab/world/wire-control.js';
import type { TruthRecord } from '../../lab/world/event-log.js';
import { EOS, IOSXE, prepareNight, type Night, type NightUnit } from './night.js';
import { Killer } from './killer.js';
import { Intents, type Nearness } from './near.js';
import { decidingLines, repeatsOf, unseenRepeats } from './observed.js';

const SEED = process.env['NIGHTSHIFT_KILL_SEED'] ?? String(Date.now());
/** So many times the units and the kills; 4 needs a machine with nothing else to do, for its devices' clocks run fast. */
const TIMES = Number(process.env['NIGHTSHIFT_KILL_TIMES'] ?? '1');
const KILLS = 50 * TIMES;
const NEAR_KILLS = 30 * TIMES;
const REPLAY = `seed ${SEED}; again: NIGHTSHIFT_KILL_SEED=${SEED} npm run jest -- test/crash/kill`;
/** Two units come up with their old image, so that rollbacks are cut off too. */
const VICTIMS = ['u05-eos', 'u06-xe'];
/** Two lose the session with the command that decides, which must be sent once more. */
const DROPPED = ['u10-xe', 'u21-eos'];

const units: readonly NightUnit[] = Array.from({ length: 24 * TIMES }, (_, index) => {
  const name = `u${String(index).padStart(2, '0')}`;
  if (index % 2 === 1) return { id: `${name}-eos`, on: EOS, members: 1 };
  return { id: `${name}-xe`, on: IOSXE, members: index === 4 ? 3 : 1 };
});
const links = [
  ['u01-eos:Ethernet1', 'u03-eos:Ethernet1'],
  ['u00-xe:GigabitEthernet1/0/1', 'u07-eos:Ethernet2'],
  ['u04-xe:GigabitEthernet2/0/1', 'u08-xe:GigabitEthernet1/0/1'],
] as const;

interface Outcome {
  readonly killer: Killer;
  /** Of each kill, in order. */
  readonly near: readonly (Nearness | undefined)[];
  readonly usualGapMs: number;
  readonly plan: Plan;
  readonly run: string;
  readonly state: RunState;
  readonly happened: readonly TruthRecord[];
  readonly log: readonly string[];
}

let night: Night;
let outcome: Outcome;

async function killRun(): Promise<Outcome> {
  for (const unit of VICTIMS) await night.must('lab', 'strike', 'boots-old-image', unit);
  for (const unit of DROPPED) await night.must('lab', 'strike', 'session-dropped-before', unit);
  const first = night.start('run', 'last');
  const store = await night.open();
  try {
    const [row] = await store.rows('plan');
    if (!row) throw new Error('there is no plan');
    const plan = recall<Plan>(row.value);
    const wanted = { kills: KILLS, near: NEAR_KILLS + 4 };
    const killer = new Killer({ night, store, plan, seed: SEED, wanted });
    const run = await killer.conduct(first);
    const { state } = await readRun(store, runId(run), plan);
    const happened = await truth(night.labFolder);
    const log = await wireLog(night.labFolder);
    const intents = new Intents(await store.journal.read(runId(run), 0), plan, night.lab.clock);
    const near = killer.kills.map((each) => intents.near(each.killedMs));
    const usualGapMs = intents.usualGapMs();
    return { killer, near, usualGapMs, plan, run, state, happened, log };
  } finally {
    await store.close();
  }
}

function story({ killer, near, usualGapMs, state, happened, log }: Outcome): string {
  const count = (names: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, times]) => `  ${String(times).padStart(3)}  ${name}`);
  };
  const { kills } = killer;
  const isNear = near.filter((each) => each !== undefined);
  return [
    REPLAY,
    `${kills.length} kills, ${isNear.length} within 100 ms of a reload, activate or commit intent:`,
    ...count(near.map((each) => (each ? `${each.side} ${each.step}` : 'elsewhere'))),
    `farthest ${Math.round(Math.max(...isNear.map((each) => each.awayMs)))} ms; an intent comes ${Math.round(usualGapMs)} ms after the step before it`,
    'aimed:',
    ...count(kills.map((each) => each.aim)),
    'last journaled of the unit:',
    ...count(kills.map((each) => each.at)),
    'ended:',
    ...count([...state.units.values()].map((each) => each.kind)),
    'why not done:',
    ...[...state.units.values()].flatMap((each) =>
      each.ended && each.kind !== 'done' ? [`  ${each.unit}: ${each.ended.why}`] : [],
    ),
    `of ${decidingLines(log)} lines that decide, sent more than once:`,
    ...count(repeatsOf(log).map((each) => each.command)),
    `${happened.length} truths, ${log.length} events of the lab`,
  ].join('\n');
}

beforeAll(async () => {
  const startedMs = performance.now();
  night = await prepareNight({ units, links, speed: 150, parallel: 7 * TIMES, soak: 'PT4M' });
  const preparedMs = performance.now();
  outcome = await killRun();
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const took = `prepared in ${seconds(preparedMs - startedMs)}, ran in ${seconds(performance.now() - preparedMs)}`;
  process.stderr.write(`${story(outcome)}\n${took}\n`);
}, 300_000 * TIMES);

afterAll(() => night?.end(), 60_000);

/** Fails with the seed in its words. */
function replay<T>(found: T) {
  return { found, replay: REPLAY };
}

describe(`a run whose process is killed ${KILLS} times`, () => {
  test('was killed as often as wanted, before and after the intents to reload, activate and commit', () => {
    const near = outcome.near.filter((each) => each !== undefined);
    expect(replay(outcome.killer.kills.length)).toEqual(replay(KILLS));
    expect(near.length).toBeGreaterThanOrEqual(NEAR_KILLS);
    expect(new Set(near.map((each) => each.side)).size).toBe(2);
    const steps = new Set(near.map((each) => each.step));
    const wanted = ['reload', 'install-activate', 'install-commit'];
    expect(replay(wanted.filter((each) => !steps.has(each)))).toEqual(replay([]));
  });

  test('is taken over by every next process, and comes to its end', () => {
    const { killer, state } = outcome;
    const others = killer.exits.filter((each) => each.signal !== 'SIGKILL');
    expect(replay(others.map((each) => [each.code, each.out]))).toEqual(
      replay([[expect.any(Number), expect.any(String)]]),
    );
    expect([0, 4, 5]).toContain(others[0]?.code);
    expect(state.finished).toBe(true);
  });

  test('ends with the truth about every unit', async () => {
    const { plan, state } = outcome;
    const wrong: string[] = [];
    for (const { unit, material, fromVersion, toVersion } of plan.body.units) {
      const { kind, ended } = state.units.get(unit)!;
      const { runningVersion } = await deviceState(night.labFolder, unit);
      const on = material.platform === EOS.platform ? EOS : IOSXE;
      const is = plainly(runningVersion);
      const expected = kind === 'done' ? toVersion : fromVersion;
      const isNamed = kind === 'held' && ended?.why !== '' && ended?.next !== '';
      const isTrue = (kind === 'done' || kind === 'reverted') && is === plainly(expected);
      if (isTrue || isNamed) continue;
      wrong.push(`${unit}: ${kind} (${ended?.why}), it runs ${runningVersion}, ${on.to} is wanted`);
    }
    expect(replay(wrong)).toEqual(replay([]));
  });

  test('upgrades what no fault struck, with one boot each, and rolls back the rest', () => {
    const { state, happened } = outcome;
    const ends = [...state.units.values()];
    const held = ends.filter((each) => each.kind === 'held').map((each) => each.unit);
    expect(held.length).toBeLessThanOrEqual(2);
    for (const { unit, kind } of ends) {
      if (kind === 'held') continue;
      const wanted = VICTIMS.includes(unit) ? 'reverted' : 'done';
      expect(replay(`${unit} ${kind}`)).toEqual(replay(`${unit} ${wanted}`));
      const boots = happened.filter((each) => each.device === unit && each.kind === 'boot');
      if (kind === 'done') expect(replay([unit, boots.length])).toEqual(replay([unit, 1]));
    }
  });

  test('sends again what did not arrive, and nothing without having looked in between', () => {
    const { log, plan } = outcome;
    // Each unit was told at least twice: what to boot or to add, and to go down.
    expect(decidingLines(log)).toBeGreaterThan(2 * plan.body.units.length);
    const repeated = repeatsOf(log).map((each) => each.device);
    expect(replay(repeated)).toEqual(replay(expect.arrayContaining(DROPPED)));
    expect(replay(unseenRepeats(log))).toEqual(replay([]));
  });

  test('has a journal whose chain is whole', async () => {
    await night.must('audit', 'verify', outcome.run);
  });
});

/** 17.09.04a and 17.9.4a are the same version. */
function plainly(version: string): string {
  return version.replaceAll(/(^|\.)0+(?=\d)/g, '$1');
}
