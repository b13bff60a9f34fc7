import { formatDuration } from '../kernel/duration.js';
import type { InstantMs } from '../kernel/id.js';
import type { Plan } from '../plan/plan.js';
import type { RunEvent } from '../run/event.js';
import type { RunState } from '../run/state.js';
import { bothTimes, clockTime } from './moment.js';
import { oneLine } from './visible.js';

type UnitEvent = Extract<RunEvent, { readonly unit: string }>;
type WholeEvent = Exclude<RunEvent, UnitEvent>;
type StepEvent = Extract<UnitEvent, { readonly step: number }>;

/** The zone that all units' windows share; UTC when they do not. */
export function sharedZone(plan: Plan): string {
  const zones = new Set(
    plan.body.units.flatMap((each) => each.windows.map(({ timeZone }) => timeZone)),
  );
  const [first = 'UTC'] = zones;
  return zones.size === 1 ? first : 'UTC';
}

function because(why: string): string {
  return why === '' ? '' : `, ${oneLine(why)}`;
}

function stepText(event: StepEvent, plan: Plan): string | undefined {
  const unit = plan.body.units.find((each) => each.unit === event.unit);
  const steps = event.list === 'forward' ? unit?.steps : unit?.rollback;
  const place = `${event.step + 1}/${steps?.length ?? '?'}`;
  const step = `${place} ${oneLine(steps?.[event.step]?.title ?? event.id)}`;
  switch (event.kind) {
    case 'step-intent':
      return event.attempt > 1 ? `${step} (try ${event.attempt})` : step;
    case 'step-acted':
      return event.result === 'acted' ? undefined : `${step} ${event.result}${because(event.why)}`;
    case 'step-probed':
      return event.answer === 'unknown' || event.answer === 'failed'
        ? `${step} ${event.answer}${because(event.why)}`
        : undefined;
    case 'step-done':
      return event.skipped ? `${step} is there already${because(event.why)}` : `${step} done`;
    case 'step-failed':
      return `${step} FAILED${because(event.why)}`;
  }
}

function unitText(event: UnitEvent, plan: Plan, zone: string): string | undefined {
  if ('step' in event) return stepText(event, plan);
  switch (event.kind) {
    case 'unit-admitted':
      return `its turn has come, wave ${event.wave + 1}`;
    case 'unit-waiting':
      return `until ${bothTimes(event.untilMs, zone)}${because(event.why)}`;
    case 'unit-observed':
      return undefined;
    case 'unit-checked': {
      const failed = event.outcomes.flatMap((each) =>
        each.kind === 'passed' ? [] : [`${each.name}: ${each.why}`],
      );
      if (event.passed) return event.when === 'soak' ? undefined : `checks ${event.when} passed`;
      return `checks ${event.when} FAILED${because(failed.join('; '))}`;
    }
    case 'rollback-started':
      return `rolling back${because(event.why)}`;
    case 'unit-soaking':
      return `until ${bothTimes(event.untilMs, zone)}`;
    case 'unit-ended':
      return [event.why, event.next === '' ? '' : `NEXT: ${event.next}`]
        .filter((each) => each !== '')
        .map(oneLine)
        .join('. ');
  }
}

function wholeText(event: WholeEvent, plan: Plan, zone: string): string {
  switch (event.kind) {
    case 'run-started':
      return `started by ${event.by}${event.mode === 'observe' ? ', to observe only' : ''}`;
    case 'runner-took-over':
      return `taken over by ${event.by}`;
    case 'run-paused':
      return `paused by ${event.by}${because(event.reason)}`;
    case 'run-resumed':
      return `resumed by ${event.by}${because(event.reason)}`;
    case 'run-aborted':
      return `aborted by ${event.by}${because(event.reason)}`;
    case 'run-stopped':
      return `stopped${because(event.why)}`;
    case 'run-finished':
      return 'finished';
    case 'wave-started':
      return `wave ${event.wave + 1} of ${plan.body.waves.length} begins`;
    case 'wave-soaking':
      return `wave ${event.wave + 1} soaks until ${bothTimes(event.untilMs, zone)}`;
    case 'wave-done':
      return `wave ${event.wave + 1} is done`;
  }
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
  if (!('unit' in event)) return `${time} run: ${oneLine(wholeText(event, plan, zone))}`;
  const text = unitText(event, plan, zone);
  if (text === undefined) return undefined;
  const kind = state.units.get(event.unit)?.kind ?? '';
  return `${time} ${oneLine(event.unit)} ${kind}: ${text}`;
}

/** `12m left` before `untilMs`, or how long it is over. */
export function leftText(untilMs: InstantMs, nowMs: InstantMs): string {
  const left = untilMs - nowMs;
  return left >= 0 ? `${formatDuration(left)} left` : `over ${formatDuration(-left)} ago`;
}
