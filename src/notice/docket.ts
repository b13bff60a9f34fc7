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

/** What people wrote down: who there is, and whom to tell how. */
export interface Ground {
  readonly inventory: Inventory;
  readonly rules: NoticeRules;
}

export interface DocketOptions {
  readonly store: Store;
  readonly row: RunRow;
  readonly plan: Plan;
  /** As they are now: people edit them while we work. */
  readonly ground: () => Ground;
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
  readonly #options: DocketOptions;
  readonly #replay: RunReplay;
  #outbox: Outbox = [];
  /** One at a time reads on: the journal is read once. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: DocketOptions) {
    const { row, plan, ground, commitTimerMs } = options;
    this.#options = options;
    this.run = row.run;
    this.plan = plan;
    this.#replay = replayRun(options.store.journal, row.run, plan);
    const groupsOf = groupsIn(ground().inventory);
    this.witness = new Witness({ run: row.run, plan, groupsOf, commitTimerMs });
  }

  get office(): Office {
    const isMoot = (notice: Notice) => this.witness.isMoot(notice);
    return { ...this.#options.ground(), author: this.plan.body.author, isMoot };
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
    const { store, ground } = this.#options;
    if (this.#outbox.some((each) => each.notice.id === notice.id)) return;
    const isNews = nowMs - notice.atMs <= NEWS_MS;
    const channels = isNews ? channelsFor(notice, ground().rules) : [];
    const row = { kind: 'raised', notice, channels } as const;
    await putNoticeRow(store, this.run, { row, atMs: nowMs });
    this.#outbox = await readOutbox(store, this.run);
  }
}
