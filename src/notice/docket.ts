import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import type { Store } from '../ports/store.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Plan } from '../plan/plan.js';
import { replayRun, type RunReplay } from '../run/replay.js';
import type { RunRow } from '../run/run.js';
import type { Notice } from './notice.js';
import { putNoticeRow, readOutbox, type Outbox } from './outbox.js';
import { channelsFor, type Office } from './post-office.js';
import type { NoticeRules } from './rules.js';
import { Witness } from './witness.js';

/** Older news wakes nobody: it is kept, and not sent. */
const NEWS_MS = 12 * 3_600_000;

export interface DocketOptions {
  readonly store: Store;
  readonly row: RunRow;
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly rules: NoticeRules;
  readonly commitTimerMs: (platform: string) => number | undefined;
}

/** The groups of each unit, own and inherited. */
export function groupsIn(inventory: Inventory): (unit: UnitId) => readonly string[] {
  const groups = new Map(inventory.units.map((each) => [each.id, each.device.groups]));
  return (unit) => groups.get(unit) ?? [];
}

/** One run in the eyes of whoever sends its notices. */
export class Docket {
  readonly run: RunId;
  readonly plan: Plan;
  readonly witness: Witness;
  readonly office: Office;
  readonly #options: DocketOptions;
  readonly #replay: RunReplay;
  #outbox: Outbox = [];
  /** One at a time reads on: the journal is read once. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: DocketOptions) {
    const { row, plan, inventory, rules, commitTimerMs } = options;
    this.#options = options;
    this.run = row.run;
    this.plan = plan;
    const isMoot = (notice: Notice) => this.witness.isMoot(notice);
    this.office = { rules, inventory, author: plan.body.author, isMoot };
    this.#replay = replayRun(options.store.journal, row.run, plan);
    const groupsOf = groupsIn(inventory);
    this.witness = new Witness({ run: row.run, plan, groupsOf, commitTimerMs });
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  /** Is the run over, or left to people? */
  get isAtRest(): boolean {
    const { state } = this.witness;
    return state === undefined || state.finished || state.aborted || state.stopped !== undefined;
  }

  /** Reads on, and makes durable what is new. */
  look(nowMs: InstantMs): Promise<void> {
    const looked = this.#turn.then(() => this.#look(nowMs));
    this.#turn = looked.catch(() => undefined);
    return looked;
  }

  async #look(nowMs: InstantMs): Promise<void> {
    const found = [...this.witness.read(await this.#replay.next()), ...this.witness.until(nowMs)];
    this.#outbox = await readOutbox(this.#options.store, this.run);
    const known = new Set(this.#outbox.map((each) => each.notice.id));
    const fresh = found.filter((each) => !known.has(each.id));
    for (const notice of fresh) await this.raise(notice, nowMs);
  }

  async raise(notice: Notice, nowMs: InstantMs): Promise<void> {
    const { store, rules } = this.#options;
    if (this.#outbox.some((each) => each.notice.id === notice.id)) return;
    const isNews = nowMs - notice.atMs <= NEWS_MS;
    const channels = isNews ? channelsFor(notice, rules) : [];
    const row = { kind: 'raised', notice, channels } as const;
    await putNoticeRow(store, this.run, { row, atMs: nowMs });
    this.#outbox = await readOutbox(store, this.run);
  }
}
