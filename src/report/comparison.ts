import type { InstantMs } from '../kernel/id.js';
import type { Snapshot } from '../driver/facts.js';

/** A snapshot and when it was taken. */
export interface TakenSnapshot {
  readonly when: 'before' | 'after' | 'soak';
  readonly atMs: InstantMs;
  readonly snapshot: Snapshot;
}

/** One aspect of a unit before and after. `worse`: something that was there is not there any more. */
export interface ComparedAspect {
  readonly aspect: string;
  readonly before: string;
  readonly after: string;
  readonly gone: readonly string[];
  readonly new: readonly string[];
  readonly worse: boolean;
}

export interface Comparison {
  readonly beforeMs: InstantMs;
  readonly afterMs: InstantMs;
  readonly afterWhen: 'after' | 'soak';
  /** The unit was rolled back after the later snapshot: it no longer looks like that. */
  readonly beforeRollback: boolean;
  readonly aspects: readonly ComparedAspect[];
}

const NAMES_MAX = 100;

function capped(names: readonly string[]): readonly string[] {
  if (names.length <= NAMES_MAX) return names;
  return [...names.slice(0, NAMES_MAX), `and ${names.length - NAMES_MAX} more`];
}

function without(from: readonly string[], taken: readonly string[]): readonly string[] {
  const known = new Set(taken);
  return capped(from.filter((each) => !known.has(each)));
}

interface Counted {
  /** Ids that count as there. */
  readonly there: readonly string[];
  readonly text: string;
}

function sets(aspect: string, before: Counted, after: Counted): ComparedAspect {
  const gone = without(before.there, after.there);
  const fresh = without(after.there, before.there);
  return {
    aspect,
    before: before.text,
    after: after.text,
    gone,
    new: fresh,
    worse: gone.length > 0,
  };
}

function values(aspect: string, before: string, after: string, worse: boolean): ComparedAspect {
  return { aspect, before, after, gone: [], new: [], worse };
}

function interfacesOf({ interfaces }: Snapshot): Counted {
  const there = interfaces.filter((each) => each.oper === 'up').map((each) => each.id);
  return { there, text: `${there.length} up of ${interfaces.length}` };
}

function neighboursOf({ neighbours }: Snapshot): Counted {
  const there = neighbours.map((each) => `${each.port} to ${each.system} ${each.remotePort}`);
  return { there, text: String(neighbours.length) };
}

function peersOf({ peers }: Snapshot): Counted {
  const there = peers.filter((each) => each.up).map((each) => `${each.protocol} ${each.peer}`);
  return { there, text: `${there.length} up of ${peers.length}` };
}

function haText({ ha }: Snapshot): string {
  if (ha.kind === 'none') return 'none';
  const health = ha.healthy ? 'healthy' : 'not healthy';
  return `${ha.kind}, ${ha.role}, ${ha.state}, ${health}`;
}

function membersOf({ ha }: Snapshot): Counted {
  const there = ha.members.map((each) => `${each.id}: ${each.state}`);
  return { there, text: `${ha.members.length}` };
}

function environmentText({ environment }: Snapshot): string {
  return environment.ok ? 'ok' : capped(environment.problems).join('; ') || 'not ok';
}

/** What is gone and what is new between two snapshots of one unit. Pure. */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly ComparedAspect[] {
  const routes = [before.routes.total, after.routes.total] as const;
  const members = before.ha.members.length + after.ha.members.length > 0;
  return [
    values('version', before.version, after.version, false),
    sets('interfaces', interfacesOf(before), interfacesOf(after)),
    sets('neighbours', neighboursOf(before), neighboursOf(after)),
    sets('routing peers', peersOf(before), peersOf(after)),
    values('routes', String(routes[0]), String(routes[1]), routes[1] < routes[0]),
    values('redundancy', haText(before), haText(after), before.ha.healthy && !after.ha.healthy),
    ...(members ? [sets('members', membersOf(before), membersOf(after))] : []),
    values(
      'environment',
      environmentText(before),
      environmentText(after),
      before.environment.ok && !after.environment.ok,
    ),
    values('cpu', `${before.cpu.percent} %`, `${after.cpu.percent} %`, false),
    values('memory', `${before.memory.usedPercent} %`, `${after.memory.usedPercent} %`, false),
  ];
}

/** The first snapshot before against the last one after; undefined when either is missing. */
export function comparisonOf(
  snapshots: readonly TakenSnapshot[],
  rollbackMs: InstantMs | undefined,
): Comparison | undefined {
  const before = snapshots.findLast((each) => each.when === 'before');
  const after = snapshots
    .filter((each) => each.when !== 'before')
    .reduce<TakenSnapshot | undefined>(
      (last, each) => (last && last.atMs > each.atMs ? last : each),
      undefined,
    );
  if (!before || !after) return undefined;
  return {
    beforeMs: before.atMs,
    afterMs: after.atMs,
    afterWhen: after.when === 'soak' ? 'soak' : 'after',
    beforeRollback: rollbackMs !== undefined && after.atMs <= rollbackMs,
    aspects: compareSnapshots(before.snapshot, after.snapshot),
  };
}
