import type { Line, Step } from '../driver/step.js';
import type { PlannedHop, UnitPlan } from './plan.js';
import type { UnitChange } from './unit-change.js';

/** Copying and measuring, which may happen before the window for every hop; what else a stage does keeps its place. */
const AHEAD: ReadonlySet<string> = new Set(['free-space', 'stage-image', 'verify-image']);

function isAhead(step: Step): boolean {
  return (step.phase === 'prepare' || step.phase === 'stage') && AHEAD.has(step.kind);
}

function renamed(line: Line, rename: (id: string) => string): Line {
  if (!line.holes) return line;
  const holes = line.holes.map((hole) => {
    const dot = hole.from.lastIndexOf('.');
    return { ...hole, from: `${rename(hole.from.slice(0, dot))}${hole.from.slice(dot)}` };
  });
  return { ...line, holes };
}

/** The steps of a later hop under names of their own: `hop2-reload`. */
function ofHop(hop: number, change: UnitChange): UnitChange {
  if (hop === 1) return change;
  const own = new Set([...change.steps, ...change.rollback].map((each) => each.id));
  const rename = (id: string) => (own.has(id) ? `hop${hop}-${id}` : id);
  const step = (each: Step): Step => ({
    ...each,
    id: rename(each.id),
    title: `hop ${hop}: ${each.title}`,
    commands: each.commands.map((line) => renamed(line, rename)),
  });
  return {
    ...change,
    // The backup of before the first hop is the one to go back to.
    steps: change.steps.filter((each) => each.kind !== 'backup-config').map(step),
    rollback: change.rollback.map(step),
  };
}

/** Several changes of the firmware as one: copies first, then hop after hop, each committed before the next begins. */
export function inSequence(changes: readonly UnitChange[]): UnitChange {
  const hops = changes.map((change, index) => ofHop(index + 1, change));
  const [first] = hops;
  const last = hops.at(-1);
  if (!first || !last || hops.length === 1) return first ?? nothing;
  const backup = first.steps.filter((each) => each.kind === 'backup-config');
  const ahead = hops.flatMap((each) => each.steps.filter(isAhead));
  const steps: Step[] = [...backup, ...ahead];
  const rollback: Step[] = [];
  const planned: PlannedHop[] = [];
  for (const hop of hops) {
    const firstStep = planned.length === 0 ? 0 : steps.length;
    const from = rollback.length;
    steps.push(...hop.steps.filter((each) => !isAhead(each) && !backup.includes(each)));
    rollback.push(...hop.rollback);
    const { fromVersion, toVersion } = hop;
    planned.push({ fromVersion, toVersion, firstStep, rollback: { from, to: rollback.length } });
  }
  return {
    fromVersion: first.fromVersion,
    toVersion: last.toVersion,
    images: hops.flatMap((each) => each.images),
    hops: planned,
    steps,
    rollback,
  };
}

const nothing: UnitChange = {
  fromVersion: '',
  toVersion: '',
  images: [],
  hops: [],
  steps: [],
  rollback: [],
};

type Hopping = Pick<UnitPlan, 'hops' | 'fromVersion' | 'toVersion' | 'rollback'>;

/** The hop of that number; a plan without hops is one. */
export function hopOf(plan: Hopping, hop: number): PlannedHop {
  const found = plan.hops[hop];
  if (found) return found;
  const { fromVersion, toVersion, rollback } = plan;
  return { fromVersion, toVersion, firstStep: 0, rollback: { from: 0, to: rollback.length } };
}

/** The number of the hop that a step of the forward list belongs to. */
export function hopNumber({ hops }: Pick<UnitPlan, 'hops'>, step: number): number {
  return Math.max(
    0,
    hops.findLastIndex((each) => each.firstStep <= step),
  );
}

/** How many steps stand before the first that needs the window: what is prepared and staged ahead of it. */
export function aheadOf(steps: readonly Step[]): number {
  const first = steps.findIndex((each) => each.phase !== 'prepare' && each.phase !== 'stage');
  return first === -1 ? steps.length : first;
}
