import type { UnitId } from '../kernel/id.js';
import type { Playbook, WaveSize } from '../playbook/playbook.js';
import type { PlannedWave } from './plan.js';

/** What the wave planner needs to know of a unit. */
export interface WaveCandidate {
  readonly unit: UnitId;
  readonly platform: string;
  readonly model: string;
  readonly redundancyGroup: string | undefined;
  /** Standby members go before active ones. */
  readonly isStandby: boolean;
  readonly neighbours: readonly UnitId[];
}

function sizeOf(size: WaveSize, total: number, left: number): number {
  if (size.kind === 'rest') return left;
  const wanted = size.kind === 'count' ? size.count : Math.ceil((total * size.percent) / 100);
  return Math.min(left, Math.max(1, wanted));
}

/** Is the unit kept apart from one that was taken already? */
type Kept = (unit: UnitId, taken: readonly WaveCandidate[]) => boolean;

function keptApart(separations: readonly (readonly [UnitId, UnitId])[]): Kept {
  const others = new Map<UnitId, Set<UnitId>>();
  for (const [a, b] of separations) {
    others.set(a, (others.get(a) ?? new Set()).add(b));
    others.set(b, (others.get(b) ?? new Set()).add(a));
  }
  return (unit, taken) => taken.some((each) => others.get(unit)?.has(each.unit));
}

/** Takes up to `most` from `pool`, never two members of one redundancy group, nor two that are kept apart. */
function take(pool: WaveCandidate[], most: number, kept: Kept): WaveCandidate[] {
  const taken: WaveCandidate[] = [];
  const groups = new Set<string>();
  for (const candidate of Array.from(pool)) {
    if (taken.length >= most) break;
    const group = candidate.redundancyGroup;
    if ((group !== undefined && groups.has(group)) || kept(candidate.unit, taken)) continue;
    if (group !== undefined) groups.add(group);
    taken.push(candidate);
    pool.splice(pool.indexOf(candidate), 1);
  }
  return taken;
}

function takeCanaries(pool: WaveCandidate[], perModel: number, kept: Kept): WaveCandidate[] {
  const counts = new Map<string, number>();
  // A unit that nobody covers for makes the smaller loss when it is one of many: pairs are not canaries if avoidable.
  const order = [...pool].sort((a, b) => Number(isPaired(a)) - Number(isPaired(b)));
  const wanted: WaveCandidate[] = [];
  const groups = new Set<string>();
  for (const candidate of order) {
    const key = `${candidate.platform}/${candidate.model}`;
    const group = candidate.redundancyGroup;
    if ((counts.get(key) ?? 0) >= perModel || (group !== undefined && groups.has(group))) continue;
    if (kept(candidate.unit, wanted)) continue;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (group !== undefined) groups.add(group);
    wanted.push(candidate);
    pool.splice(pool.indexOf(candidate), 1);
  }
  return wanted;
}

function isPaired(candidate: WaveCandidate): boolean {
  return candidate.redundancyGroup !== undefined;
}

function whySafe(
  candidate: WaveCandidate,
  all: readonly WaveCandidate[],
  wave: ReadonlySet<UnitId>,
): string {
  const group = candidate.redundancyGroup;
  if (group !== undefined) {
    const mates = all.filter((each) => each.redundancyGroup === group && each !== candidate);
    const up = mates.filter((each) => !wave.has(each.unit)).map((each) => each.unit);
    return up.length > 0
      ? `${up.join(', ')} of ${group} stays up`
      : `the other members of ${group} are not changed by this plan`;
  }
  const shared = candidate.neighbours.filter((each) => wave.has(each));
  return shared.length > 0
    ? `in no redundancy group; linked to ${shared.join(', ')} of the same wave`
    : 'in no redundancy group; no linked unit is changed in the same wave';
}

function makeWave(
  name: string,
  taken: readonly WaveCandidate[],
  rest: { readonly soakMs: number; readonly all: readonly WaveCandidate[] },
): PlannedWave {
  const units = taken.map((each) => each.unit);
  const wave = new Set(units);
  const reasons = new Map<string, UnitId[]>();
  for (const candidate of taken) {
    const why = whySafe(candidate, rest.all, wave);
    reasons.set(why, [...(reasons.get(why) ?? []), candidate.unit]);
  }
  const together = [...reasons].map(([safeBecause, members]) => ({ units: members, safeBecause }));
  return { name, units, soakMs: rest.soakMs, together };
}

/**
 * Canaries first, then the waves of the strategy. Two members of one redundancy group are never in the same wave; where
 * the strategy has too few waves for that, further ones are added. So too for `separations`: units that together would take
 * from others what neither of them takes alone.
 */
export function planWaves(
  candidates: readonly WaveCandidate[],
  strategy: Playbook['strategy'],
  separations: readonly (readonly [UnitId, UnitId])[] = [],
): readonly PlannedWave[] {
  const kept = keptApart(separations);
  const all = [...candidates].sort(
    (a, b) => Number(b.isStandby) - Number(a.isStandby) || (a.unit < b.unit ? -1 : 1),
  );
  const pool = [...all];
  const waves: PlannedWave[] = [];
  if (strategy.canary) {
    const taken = takeCanaries(pool, strategy.canary.perModel, kept);
    waves.push(makeWave('canary', taken, { soakMs: strategy.canary.soakMs, all }));
  }
  const sizes: readonly WaveSize[] = [...strategy.waves, { kind: 'rest' }];
  const total = pool.length;
  for (let index = 0; pool.length > 0; index += 1) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? { kind: 'rest' };
    const taken = take(pool, sizeOf(size, total, pool.length), kept);
    waves.push(makeWave(`wave ${index + 1}`, taken, { soakMs: 0, all }));
  }
  return waves;
}
