import { Fault } from '../kernel/fault.js';
import { valueOrThrow } from '../kernel/diagnostic.js';
import type { InstantMs, RunId } from '../kernel/id.js';
import type { World } from '../ports/world.js';
import type { Driver } from '../driver/driver.js';
import type { Inventory } from '../inventory/inventory.js';
import { loadInventory } from '../inventory/load.js';
import type { Plan } from '../plan/plan.js';
import { replayRun } from '../run/replay.js';
import type { LiveRun, RunRow } from '../run/run.js';
import { makeHandover, type Handover } from './handover.js';
import { loadNoticeRules } from './load.js';
import { putMuteRow, readMutes, type Mute, type MuteBook } from './mute.js';
import { testNotice } from './happening.js';
import { deliveryId, putNoticeRow, readOutbox, type Outbox } from './outbox.js';
import { deliver } from './post-office.js';
import type { NoticeRules } from './rules.js';
import { Teller } from './teller.js';
import { Witness } from './witness.js';

/** What the program can do about notices. */
export interface Noticing {
  /** What `notices.yaml` of the inventory says. DiagnosticsError with every finding. */
  rules(inventory: Inventory): Promise<NoticeRules>;
  /** Not started yet. DiagnosticsError as `rules`. */
  teller(inventory: Inventory, holder: string, once?: boolean): Promise<Teller>;
  outbox(run: RunId): Promise<Outbox>;
  /** Sends a test through one channel, now. Fault `usage` for an unknown one, `notice-undelivered`; gives the receivers. */
  test(inventory: Inventory, channel: string, by: string): Promise<readonly string[]>;
  acknowledge(
    run: RunId,
    about: { readonly notices: readonly string[]; readonly by: string; readonly reason: string },
  ): Promise<void>;
  /** What was given up is tried again by whoever sends. */
  revive(
    run: RunId,
    about: { readonly deliveries: readonly string[]; readonly by: string },
  ): Promise<void>;
  /** All that the next shift must know. */
  handover(row: RunRow): Promise<Handover>;
  mutes(run: RunId): Promise<MuteBook>;
  mute(run: RunId, about: { readonly mute: Mute; readonly by: string }): Promise<void>;
  unmute(
    run: RunId,
    about: { readonly mutes: readonly string[]; readonly by: string },
  ): Promise<void>;
}

export interface NoticingOptions {
  readonly world: World;
  readonly drivers: () => Promise<ReadonlyMap<string, Driver>>;
  readonly planOf: (digest: string) => Promise<Plan>;
}

async function handoverOf(
  { world, drivers, planOf }: NoticingOptions,
  row: RunRow,
): Promise<Handover> {
  const { store, clock } = world;
  const plan = await planOf(row.plan);
  const known = await drivers();
  const witness = new Witness({
    run: row.run,
    plan,
    groupsOf: () => [],
    commitTimerMs: (platform) => known.get(platform)?.platform.commitTimerMs,
  });
  const replay = replayRun(store.journal, row.run, plan);
  witness.read(await replay.next());
  const holder = await store.runnerHolder();
  return makeHandover({
    run: row.run,
    startedBy: row.by,
    plan,
    state: replay.state,
    witness,
    outbox: await readOutbox(store, row.run),
    mutes: await readMutes(store, row.run),
    runner: holder?.includes(row.run) === true ? holder : undefined,
    nowMs: clock.now(),
  });
}

export function noticing(options: NoticingOptions): Noticing {
  const { world, drivers, planOf } = options;
  const { store, files, clock } = world;
  const now = (): InstantMs => clock.now();
  const rules = async (inventory: Inventory) =>
    valueOrThrow(await loadNoticeRules(files, inventory));
  return {
    rules,
    async teller(inventory, holder, once = false) {
      const known = await drivers();
      const commitTimerMs = (platform: string) => known.get(platform)?.platform.commitTimerMs;
      const groundOf = async (found: Inventory) => ({
        inventory: found,
        rules: await rules(found),
      });
      return new Teller({
        world,
        ground: await groundOf(inventory),
        reread: async () => groundOf(valueOrThrow(await loadInventory(files, inventory.directory))),
        planOf,
        commitTimerMs,
        holder,
        once,
      });
    },
    outbox: (run) => readOutbox(store, run),
    test: async (inventory, channel, by) =>
      testChannel({ world, inventory, rules: await rules(inventory) }, channel, by),
    acknowledge: (run, about) =>
      putNoticeRow(store, run, { row: { kind: 'acknowledged', ...about }, atMs: now() }),
    revive: (run, about) =>
      putNoticeRow(store, run, { row: { kind: 'revived', ...about }, atMs: now() }),
    handover: (row) => handoverOf(options, row),
    mutes: (run) => readMutes(store, run),
    mute: (run, about) => putMuteRow(store, run, { row: { kind: 'asked', ...about }, atMs: now() }),
    unmute: (run, about) =>
      putMuteRow(store, run, { row: { kind: 'withdrawn', ...about }, atMs: now() }),
  };
}

/** The people whom a test is for, should the channel know no address of its own. */
const TESTED = ['engineer'];

async function testChannel(
  about: { readonly world: World; readonly inventory: Inventory; readonly rules: NoticeRules },
  name: string,
  by: string,
): Promise<readonly string[]> {
  const { world, inventory, rules } = about;
  const channel = rules.channels.find((each) => each.name === name);
  if (!channel) {
    const known = rules.channels.map((each) => each.name);
    const mend = `notices.yaml has ${known.join(', ') || 'none'}`;
    throw new Fault('usage', `there is no channel ${name}`, { mend });
  }
  const nowMs = world.clock.now();
  const notice = testNotice(by, nowMs);
  const delivery = deliveryId(notice.id, name, 0);
  const parcel = { delivery, notice, channel, level: 0, to: TESTED, tries: 0, atMs: nowMs };
  const office = { rules, inventory, author: '', isMoot: () => false };
  const { outcome, to } = await deliver(parcel, office, { courier: world.courier, nowMs });
  if (outcome.kind === 'delivered') return to;
  throw new Fault('notice-undelivered', `${name}: ${outcome.why}`);
}

/** A run whose notices are sent beside it, in the same process. */
export interface AttendedRun extends LiveRun {
  readonly teller: Teller;
}

/** Begins the run, then the telling: a notices.yaml that cannot be read refuses the run, nothing else about it does. */
export async function attended(
  teller: Promise<Teller>,
  begin: () => Promise<LiveRun>,
): Promise<AttendedRun> {
  const ready = await teller;
  const live = await begin();
  ready.start(live.run);
  return { ...live, teller: ready };
}
