import type { InstantMs, RunId } from '../kernel/id.js';
import type { Store } from '../ports/store.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Plan } from '../plan/plan.js';
import { replayRun } from '../run/replay.js';
import { groupsIn } from './docket.js';
import { levelsOf, peopleOf } from './duty.js';
import type { Notice } from './notice.js';
import { channelsFor } from './post-office.js';
import type { NoticeRules } from './rules.js';
import { Witness } from './witness.js';

/** A notice that a run would give, and to whom, if nobody acknowledges it. */
export interface Foretold {
  readonly notice: Notice;
  readonly channels: readonly string[];
  readonly levels: readonly { readonly afterMs: number; readonly people: readonly string[] }[];
}

/** What the notices of a rehearsed run would have been. Sends nothing and keeps nothing. */
export async function foretell(about: {
  readonly store: Pick<Store, 'journal'>;
  readonly run: RunId;
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly rules: NoticeRules;
  readonly commitTimerMs: (platform: string) => number | undefined;
  readonly endMs: InstantMs;
}): Promise<readonly Foretold[]> {
  const { store, run, plan, inventory, rules, commitTimerMs, endMs } = about;
  const witness = new Witness({ run, plan, groupsOf: groupsIn(inventory), commitTimerMs });
  const events = await replayRun(store.journal, run, plan).next();
  const notices = [...witness.read(events), ...witness.until(endMs)];
  const on = { inventory, author: plan.body.author };
  return notices.map((notice) => ({
    notice,
    channels: channelsFor(notice, rules),
    levels: levelsOf(notice, rules, on).map(({ afterMs, to }) => ({
      afterMs,
      people: peopleOf(to, inventory.people, on.author).map((each) => each.name),
    })),
  }));
}
