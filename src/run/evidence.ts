import type { InstantMs } from '../kernel/id.js';
import { recall } from '../kernel/recall.js';
import type { Store } from '../ports/store.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import { EVIDENCE_LEVELS, type Evidence, type EvidenceLevel } from '../review/evidence.js';
import { listRuns, type RunRow } from './run.js';
import type { RunEvent } from './event.js';

interface Shown {
  readonly unitPlan: UnitPlan;
  readonly level: EvidenceLevel;
  readonly atMs: InstantMs;
}

/** The lab's own addresses: what happens there is no evidence of a real device. */
const LAB_ADDRESS = /^(?:127\.|::1$|localhost$)/;

/** Modes of a run that change the unit to its end. */
const CHANGES: ReadonlySet<string> = new Set(['run', 'manual']);

/** What one event of a run shows of its unit. */
function shownBy(event: RunEvent, unitPlan: UnitPlan, row: RunRow): EvidenceLevel | undefined {
  switch (event.kind) {
    case 'unit-checked':
      return event.when === 'before' && event.passed ? 'observed' : undefined;
    case 'step-done':
      return isCopy(event, unitPlan) ? 'staged' : undefined;
    case 'unit-ended':
      return event.as === 'done' && CHANGES.has(row.mode) ? 'upgraded' : undefined;
    default:
      return undefined;
  }
}

function isCopy(event: Extract<RunEvent, { kind: 'step-done' }>, unitPlan: UnitPlan): boolean {
  return event.list === 'forward' && unitPlan.steps[event.step]?.kind === 'stage-image';
}

async function shownByRun(store: Store, row: RunRow, plan: Plan): Promise<readonly Shown[]> {
  const units = new Map(
    plan.body.units.flatMap((each) =>
      LAB_ADDRESS.test(each.address) ? [] : [[each.unit as string, each] as const],
    ),
  );
  if (units.size === 0) return [];
  const records = await store.journal.read(row.run, 0);
  return records.flatMap(({ event: stored, atMs }) => {
    const event = recall<RunEvent>(stored);
    const unitPlan = 'unit' in event ? units.get(event.unit) : undefined;
    const level = unitPlan && shownBy(event, unitPlan, row);
    return unitPlan && level ? [{ unitPlan, level, atMs }] : [];
  });
}

function tally(shown: readonly Shown[]): readonly Evidence[] {
  const groups = new Map<string, Shown[]>();
  for (const each of shown) {
    const { platform, model } = each.unitPlan.material;
    const key = JSON.stringify([platform, model]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group): readonly Evidence[] => {
    const rank = Math.max(...group.map((each) => EVIDENCE_LEVELS.indexOf(each.level)));
    const level = EVIDENCE_LEVELS[rank];
    const [first] = group;
    if (!first || level === undefined) return [];
    const top = group.filter((each) => each.level === level);
    const { platform, model } = first.unitPlan.material;
    const units = new Set(top.map((each) => each.unitPlan.unit)).size;
    return [{ platform, model, level, units, lastAtMs: Math.max(...top.map((each) => each.atMs)) }];
  });
}

/**
 * What this state directory's own journal shows of each platform and model. Rehearsals count as simulated, and so does
 * nothing that ran against the lab's addresses. Sorted by platform and model. Fault `journal-tampered`.
 */
export async function gatherEvidence(store: Store): Promise<readonly Evidence[]> {
  const plans = new Map(
    (await store.rows('plan')).map((row) => [row.key, recall<Plan>(row.value)] as const),
  );
  const rehearsed = (await store.rows('rehearsal')).flatMap(({ key, value, atMs }) =>
    value['passed'] === true
      ? (plans.get(key)?.body.units ?? []).map((unitPlan): Shown => ({
          unitPlan,
          level: 'simulated',
          atMs,
        }))
      : [],
  );
  const shown: Shown[] = [...rehearsed];
  for (const row of await listRuns(store)) {
    const plan = plans.get(row.plan);
    if (plan) shown.push(...(await shownByRun(store, row, plan)));
  }
  const name = (each: Evidence) => `${each.platform} ${each.model}`;
  return tally(shown).toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
}
