import type { InstantMs } from '../kernel/id.js';
import { recall } from '../kernel/recall.js';
import type { Plan } from '../plan/plan.js';
import type { RunEvent } from '../run/event.js';
import type { RunState } from '../run/state.js';
import { bothTimes, clockTime } from './moment.js';
import { waveName } from './plan-course.js';
import { oneLine } from './visible.js';

type UnitEvent = Extract<RunEvent, { readonly unit: string }>;
type WholeEvent = Exclude<RunEvent, UnitEvent>;

/** The zone that all units' windows share; UTC when they do not. */
export function sharedZone(plan: Plan): string {
  const zones = new Set(
    plan.body.units.flatMap((each) => each.windows.map(({ timeZone }) => timeZone)),
  );
  const [first = 'UTC'] = zones;
  return zones.size === 1 ? first : 'UTC';
}

function nameOf(plan: Plan, wave: number): string {
  return waveName(plan.body.waves[wave], wave);
}

function because(why: string): string {
  return why === '' ? '' : `, ${oneLine(why)}`;
}

type Of<Kind extends RunEvent['kind']> = Extract<RunEvent, { readonly kind: Kind }>;

/** What is said of each kind of event; undefined where it changes no state. */
type Tellers<Event extends RunEvent, Context> = {
  readonly [Kind in Event['kind']]: (event: Of<Kind>, context: Context) => string | undefined;
};

interface UnitContext {
  readonly plan: Plan;
  readonly zone: string;
  /** `3/12 Copy the image`; empty for events that are of no step. */
  readonly step: string;
}

function checkedText(event: Of<'unit-checked'>): string | undefined {
  const failed = event.outcomes.flatMap((each) =>
    each.kind === 'passed' ? [] : [`${each.name}: ${each.why}`],
  );
  if (!event.passed) return `checks ${event.when} FAILED${because(failed.join('; '))}`;
  return event.when === 'soak' ? undefined : `checks ${event.when} passed`;
}

function endedText({ why, next }: Of<'unit-ended'>): string {
  const parts = [why, next === '' ? '' : `NEXT: ${next}`];
  return parts
    .filter((each) => each !== '')
    .map(oneLine)
    .join('. ');
}

const ofUnit: Tellers<UnitEvent, UnitContext> = {
  'step-intent': ({ attempt, asks, letBy }, { step }) => {
    const again = attempt > 1 ? ` (try ${attempt})` : '';
    if (asks) return `${step}${again}: DO IT BY HAND, then say so`;
    return `${step}${again}${letBy === undefined ? '' : `, which ${letBy} lets us do`}`;
  },
  'step-withdrawn': ({ why }, { step }) => `${step} is asked for no more${because(why)}`,
  'step-acted': ({ result, why, by }, { step }) => {
    if (by !== undefined) return `${step}: ${oneLine(why)}`;
    return result === 'acted' ? undefined : `${step} ${result}${because(why)}`;
  },
  'step-probed': ({ answer, why }, { step }) =>
    answer === 'unknown' || answer === 'failed' ? `${step} ${answer}${because(why)}` : undefined,
  'step-done': ({ skipped, why }, { step }) =>
    skipped ? `${step} is there already${because(why)}` : `${step} done`,
  'step-failed': ({ why }, { step }) => `${step} FAILED${because(why)}`,
  'unit-admitted': ({ wave }, { plan }) => `its turn has come, ${nameOf(plan, wave)}`,
  'unit-waiting': ({ untilMs, why }, { zone }) =>
    `until ${bothTimes(untilMs, zone)}${because(why)}`,
  'unit-observed': () => undefined,
  'unit-checked': checkedText,
  'rollback-started': ({ why }) => `rolling back${because(why)}`,
  'unit-soaking': ({ untilMs }, { zone }) => `until ${bothTimes(untilMs, zone)}`,
  'unit-ended': endedText,
};

interface WholeContext {
  readonly zone: string;
  readonly plan: Plan;
}

const PURPOSES = {
  run: '',
  observe: ', to observe only',
  stage: ', to stage only',
  manual: ', by hand',
} as const;

const ofRun: Tellers<WholeEvent, WholeContext> = {
  'run-started': ({ by, mode }) => `started by ${by}${PURPOSES[mode]}`,
  'runner-took-over': ({ by }) => `taken over by ${by}`,
  'run-paused': ({ by, reason }) => `paused by ${by}${because(reason)}`,
  'run-resumed': ({ by, reason }) => `resumed by ${by}${because(reason)}`,
  'run-aborted': ({ by, reason }) => `aborted by ${by}${because(reason)}`,
  'run-stopped': ({ why }) => `stopped${because(why)}`,
  'run-finished': () => 'finished',
  'wave-started': ({ wave }, { plan }) =>
    `${nameOf(plan, wave)} begins, ${wave + 1} of ${plan.body.waves.length}`,
  'wave-soaking': ({ wave, untilMs }, { plan, zone }) =>
    `${nameOf(plan, wave)} soaks until ${bothTimes(untilMs, zone)}`,
  'wave-done': ({ wave }, { plan }) => `${nameOf(plan, wave)} is done`,
};

/** The one place where a kind finds its teller: that they fit is what `Tellers` says. */
function told<Context>(tellers: object, event: RunEvent, context: Context): string | undefined {
  type Teller = (event: RunEvent, context: Context) => string | undefined;
  return recall<Readonly<Record<string, Teller>>>(tellers)[event.kind]?.(event, context);
}

function stepPlace(event: UnitEvent, plan: Plan): string {
  if (!('step' in event)) return '';
  const unit = plan.body.units.find((each) => each.unit === event.unit);
  const steps = (event.list === 'forward' ? unit?.steps : unit?.rollback) ?? [];
  const title = steps[event.step]?.title ?? event.id;
  return `${event.step + 1}/${steps.length} ${oneLine(title)}`;
}

/** `HH:MM:SS unit state: what, why`, on the wall clock of `zone`; undefined for what changes no state. */
export function eventLine(
  event: RunEvent,
  about: {
    readonly plan: Plan;
    readonly state: RunState;
    readonly atMs: InstantMs;
    readonly zone: string;
  },
): string | undefined {
  const { plan, state, atMs, zone } = about;
  const time = clockTime(atMs, zone);
  if (!('unit' in event)) {
    const text = told(ofRun, event, { zone, plan });
    return text === undefined ? undefined : `${time} run: ${oneLine(text)}`;
  }
  const text = told(ofUnit, event, { zone, plan, step: stepPlace(event, plan) });
  if (text === undefined) return undefined;
  const kind = state.units.get(event.unit)?.kind ?? '';
  return `${time} ${oneLine(event.unit)} ${kind}: ${text}`;
}
