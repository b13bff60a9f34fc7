import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import type { JsonObject } from '../kernel/json.js';
import { recall, toJson } from '../kernel/recall.js';
import type { Store } from '../ports/store.js';
import type { Plan } from '../plan/plan.js';
import { unitPlanOf } from '../run/state.js';
import { pauseAfterMs } from './outbox.js';
import { passes, type MuteHook, type NoticeRules } from './rules.js';
import type { Changing } from './witness.js';

/** That a unit's alarms are to be expected until a time. */
export interface Mute {
  readonly id: string;
  readonly unit: UnitId;
  readonly untilMs: InstantMs;
  readonly why: string;
}

/** Rows of the book `mute`, keyed by run. */
export type MuteRow =
  /** A person asked for it. */
  | { readonly kind: 'asked'; readonly mute: Mute; readonly by: string }
  | { readonly kind: 'withdrawn'; readonly mutes: readonly string[]; readonly by: string }
  | { readonly kind: 'muted'; readonly mute: Mute; readonly hook: string }
  | { readonly kind: 'lifted'; readonly mute: Mute; readonly hook: string }
  | {
      readonly kind: 'refused';
      readonly mute: Mute;
      readonly hook: string;
      readonly why: string;
    };

/** What one hook was last told of one mute. */
export interface MuteStanding {
  readonly mute: Mute;
  readonly hook: string;
  /** Until when the other side keeps quiet; undefined: it was never told, or the mute is lifted. */
  readonly quietUntilMs: InstantMs | undefined;
  /** Tries in a row that failed. */
  readonly failures: number;
  readonly failedAtMs: InstantMs;
  readonly why: string;
}

export interface MuteBook {
  /** Asked for by people, not withdrawn. */
  readonly asked: readonly { readonly mute: Mute; readonly by: string }[];
  readonly standings: readonly MuteStanding[];
}

export async function readMutes(store: Pick<Store, 'rows'>, run: RunId): Promise<MuteBook> {
  const asked = new Map<string, { readonly mute: Mute; readonly by: string }>();
  const standings = new Map<string, MuteStanding>();
  for (const { value, atMs } of await store.rows('mute', { key: run })) {
    const row = recall<MuteRow>(value);
    if (row.kind === 'asked') asked.set(row.mute.id, row);
    else if (row.kind === 'withdrawn') for (const each of row.mutes) asked.delete(each);
    else {
      const { mute, hook } = row;
      const key = `${mute.id}/${hook}`;
      const before = standings.get(key);
      const fresh = { mute, hook, failures: 0, failedAtMs: 0, why: '' };
      if (row.kind === 'muted') standings.set(key, { ...fresh, quietUntilMs: mute.untilMs });
      else if (row.kind === 'lifted') standings.set(key, { ...fresh, quietUntilMs: undefined });
      else {
        const failures = (before?.failures ?? 0) + 1;
        const quietUntilMs = before?.quietUntilMs;
        standings.set(key, { mute, hook, quietUntilMs, failures, failedAtMs: atMs, why: row.why });
      }
    }
  }
  return { asked: [...asked.values()], standings: [...standings.values()] };
}

export async function putMuteRow(
  store: Pick<Store, 'put'>,
  run: RunId,
  about: { readonly row: MuteRow; readonly atMs: InstantMs },
): Promise<void> {
  await store.put('mute', { key: run, atMs: about.atMs, value: toJson(about.row) });
}

const MINUTE_MS = 60_000;
/** A mute with less left than this is renewed, while its unit is still being changed. */
const RENEW_MS = 5 * MINUTE_MS;
/** A unit beyond its own worst case is kept quiet by so much at a time. */
const STEP_MS = 15 * MINUTE_MS;

/** The mutes that units being changed need, each to its worst-case end. */
export function ownMutes(
  run: RunId,
  changing: readonly Changing[],
  nowMs: InstantMs,
): readonly Mute[] {
  return changing.map(({ unit, seq, worstEndMs }) => ({
    id: `${run}.mute.${unit}.${seq}`,
    unit,
    untilMs: Math.max(worstEndMs, nowMs + STEP_MS),
    why: `it is being changed by run ${run}`,
  }));
}

export interface MuteErrand {
  readonly action: 'mute' | 'renew' | 'lift';
  readonly mute: Mute;
  readonly hook: MuteHook;
  readonly atMs: InstantMs;
}

function retryMs(standing: MuteStanding | undefined): InstantMs {
  if (!standing || standing.failures === 0) return 0;
  return standing.failedAtMs + (pauseAfterMs(standing.failures) ?? 60 * MINUTE_MS);
}

function errandFor(
  mute: Mute,
  hook: MuteHook,
  about: { readonly standing: MuteStanding | undefined; readonly nowMs: InstantMs },
): MuteErrand | undefined {
  const { standing, nowMs } = about;
  const quietMs = standing?.quietUntilMs;
  const notBefore = retryMs(standing);
  if (quietMs === undefined || quietMs <= nowMs) {
    return { action: 'mute', mute, hook, atMs: Math.max(nowMs, notBefore) };
  }
  if (mute.untilMs <= quietMs + MINUTE_MS) return undefined;
  return { action: 'renew', mute, hook, atMs: Math.max(quietMs - RENEW_MS, notBefore) };
}

/** What hooks must be told now or later so that exactly `wanted` is kept quiet. */
export function muteErrands(
  wanted: readonly Mute[],
  book: MuteBook,
  about: { readonly plan: Plan; readonly rules: NoticeRules; readonly nowMs: InstantMs },
): readonly MuteErrand[] {
  const { plan, rules, nowMs } = about;
  const standingOf = (mute: Mute, hook: string) =>
    book.standings.find((each) => each.mute.id === mute.id && each.hook === hook);
  const begun = wanted.flatMap((mute) => {
    const unit = unitPlanOf(plan, mute.unit);
    const scope = { criticality: unit?.criticality ?? '', sites: [unit?.site ?? ''], groups: [] };
    return rules.mutes
      .filter((hook) => passes({ ...hook.filter, groups: [] }, scope))
      .flatMap(
        (hook) => errandFor(mute, hook, { standing: standingOf(mute, hook.name), nowMs }) ?? [],
      );
  });
  const over = book.standings.flatMap((standing): readonly MuteErrand[] => {
    const { mute, quietUntilMs } = standing;
    const hook = rules.mutes.find((each) => each.name === standing.hook);
    if (!hook || quietUntilMs === undefined || quietUntilMs <= nowMs) return [];
    if (wanted.some((each) => each.id === mute.id)) return [];
    return [{ action: 'lift', mute, hook, atMs: Math.max(nowMs, retryMs(standing)) }];
  });
  return [...begun, ...over];
}

/** The body that a hook gets. Keys are only ever added to it. */
export function muteBody(errand: MuteErrand, about: { run: RunId; plan: Plan }): JsonObject {
  const { action, mute } = errand;
  const unit = unitPlanOf(about.plan, mute.unit);
  return {
    format: 1,
    type: 'mute',
    action,
    mute: mute.id,
    delivery: deliveryOf(errand),
    run: about.run,
    playbook: about.plan.body.playbook.name,
    scope: { unit: mute.unit, address: unit?.address ?? '', site: unit?.site ?? '' },
    until: new Date(mute.untilMs).toISOString(),
    why: mute.why,
  };
}

export function deliveryOf({ action, mute, hook }: MuteErrand): string {
  return `${mute.id}/${hook.name}/${action}/${mute.untilMs}`;
}
