import type { InstantMs, UnitId } from '../kernel/id.js';
import type { Plan } from '../plan/plan.js';
import type { RunEvent } from '../run/event.js';
import type { UnitState } from '../run/state.js';

/** What a state is shown as: a sign as well as a colour, so that no meaning hangs on colour alone. */
export interface StateSign {
  readonly sign: string;
  readonly ascii: string;
  readonly colour: 'good' | 'bad' | 'warn' | 'busy' | 'dim';
}

const BUSY: StateSign = { sign: '▸', ascii: '>', colour: 'busy' };

const SIGNS: Readonly<Partial<Record<UnitState['kind'], StateSign>>> = {
  queued: { sign: '·', ascii: '.', colour: 'dim' },
  waiting: { sign: '…', ascii: '~', colour: 'dim' },
  soaking: { sign: '◔', ascii: 'o', colour: 'busy' },
  done: { sign: '✔', ascii: '+', colour: 'good' },
  dropped: { sign: '–', ascii: '-', colour: 'warn' },
  reverting: { sign: '↺', ascii: '<', colour: 'warn' },
  reverted: { sign: '↩', ascii: 'r', colour: 'warn' },
  held: { sign: '!', ascii: '!', colour: 'bad' },
  quarantined: { sign: '!', ascii: '!', colour: 'bad' },
  lost: { sign: '✖', ascii: 'x', colour: 'bad' },
};

export function signOf(kind: UnitState['kind']): StateSign {
  return SIGNS[kind] ?? BUSY;
}

function stepText(plan: Plan, unit: UnitId, list: 'forward' | 'rollback', step: number): string {
  const unitPlan = plan.body.units.find((each) => each.unit === unit);
  const steps = list === 'forward' ? unitPlan?.steps : unitPlan?.rollback;
  const place = `${list === 'rollback' ? 'rollback ' : ''}${step + 1}/${steps?.length ?? '?'}`;
  return `${place} ${steps?.[step]?.title ?? ''}`;
}

type UnitEvent = Extract<RunEvent, { readonly unit: UnitId }>;
type StepEvent = Extract<UnitEvent, { readonly step: number }>;

function stepLine(event: StepEvent, plan: Plan): string | undefined {
  const what = stepText(plan, event.unit, event.list, event.step);
  switch (event.kind) {
    case 'step-intent':
      return event.attempt > 1 ? `${what} (try ${event.attempt})` : what;
    case 'step-acted':
      return event.result === 'acted' ? undefined : `${event.id} ${event.result}: ${event.why}`;
    case 'step-probed':
      return `${event.id} waiting: ${event.why}`;
    case 'step-done':
      return event.skipped ? `${what}: nothing to do` : `${what}: done`;
    case 'step-failed':
      return `${what}: FAILED, ${event.why}`;
  }
}

function unitLine(event: UnitEvent, plan: Plan): string | undefined {
  if ('step' in event) return stepLine(event, plan);
  switch (event.kind) {
    case 'unit-admitted':
      return 'begins';
    case 'unit-waiting':
      return `waits until ${new Date(event.untilMs).toISOString()}: ${event.why}`;
    case 'unit-observed':
      return undefined;
    case 'unit-checked': {
      const failed = event.outcomes.flatMap((each) =>
        each.kind === 'passed' ? [] : [`${each.name} (${each.why})`],
      );
      if (event.passed) return event.when === 'soak' ? undefined : `checks ${event.when}: passed`;
      return `checks ${event.when}: FAILED, ${failed.join('; ')}`;
    }
    case 'rollback-started':
      return `rolling back: ${event.why}`;
    case 'unit-soaking':
      return `soaking until ${new Date(event.untilMs).toISOString()}`;
    case 'unit-ended':
      return `${event.as}: ${event.why}${event.next === '' ? '' : `; next: ${event.next}`}`;
  }
}

function runLine(event: Exclude<RunEvent, UnitEvent>, plan: Plan): string {
  const wave = (index: number) => plan.body.waves[index]?.name ?? `wave ${index}`;
  switch (event.kind) {
    case 'run-started':
      return `started by ${event.by}${event.mode === 'observe' ? ', observing only' : ''}`;
    case 'runner-took-over':
      return `taken over by ${event.by}`;
    case 'run-paused':
      return `paused by ${event.by}: ${event.reason}`;
    case 'run-resumed':
      return `resumed by ${event.by}: ${event.reason}`;
    case 'run-aborted':
      return `aborted by ${event.by}: ${event.reason}`;
    case 'run-stopped':
      return `STOPPED: ${event.why}`;
    case 'run-finished':
      return 'finished';
    case 'wave-started':
      return `${wave(event.wave)} begins: ${plan.body.waves[event.wave]?.units.join(', ') ?? ''}`;
    case 'wave-soaking':
      return `${wave(event.wave)} soaks until ${new Date(event.untilMs).toISOString()}`;
    case 'wave-done':
      return `${wave(event.wave)} is done`;
  }
}

/** One line for one event, or none where it tells a person nothing: `21:04:58 acc1 4/12 reload`. */
export function eventLine(event: RunEvent, atMs: InstantMs, plan: Plan): string | undefined {
  const time = new Date(atMs).toISOString().slice(11, 19);
  if (!('unit' in event)) return `${time} run ${runLine(event, plan)}`;
  const line = unitLine(event, plan);
  return line === undefined ? undefined : `${time} ${event.unit} ${line}`;
}
