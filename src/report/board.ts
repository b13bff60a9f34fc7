import type { InstantMs } from '../kernel/id.js';
import type { Plan } from '../plan/plan.js';
import { signedText, type SignedDecision } from '../review/approval.js';
import type { TimedEvent } from './history.js';
import type {
  Intervention,
  ReportedDecision,
  ReportedRehearsal,
  ReportedWave,
} from './report-form.js';

/** Does `signature` over `text` verify with `publicKey`? */
export type VerifySignature = (publicKey: string, text: string, signature: string) => boolean;

/** A stored rehearsal of the plan: when, and what its evidence says. */
export interface RehearsalRow {
  readonly atMs: InstantMs;
  readonly value: Readonly<Record<string, unknown>>;
}

const FACT_CHARACTERS_MAX = 200;

function isOnRoster(plan: Plan, each: SignedDecision): boolean {
  if (each.decision === 'author') return each.by === plan.body.author;
  return plan.body.approval.roster.some(
    ({ id, publicKey }) => id === each.by && publicKey === each.publicKey,
  );
}

/** Every decision on the plan, oldest first, with what speaks for and against counting it. */
export function decisionsOf(
  plan: Plan,
  decisions: readonly SignedDecision[],
  verify: VerifySignature | undefined,
): readonly ReportedDecision[] {
  const own = decisions.filter((each) => each.plan === plan.digest);
  const sorted = own.toSorted((a, b) => a.atMs - b.atMs);
  const sameVoice = (a: SignedDecision, b: SignedDecision) =>
    a.by === b.by && (a.decision === 'author') === (b.decision === 'author');
  return sorted.map((each, index) => {
    const { by, decision, reason, atMs } = each;
    const valid = verify?.(each.publicKey, signedText(each), each.signature);
    return {
      by,
      name: plan.body.approval.roster.find(({ id }) => id === by)?.name ?? by,
      decision,
      reason,
      atMs,
      superseded: sorted.slice(index + 1).some((later) => sameVoice(each, later)),
      onRoster: isOnRoster(plan, each),
      signature: valid === undefined ? 'not checked' : valid ? 'verified' : 'does not verify',
    };
  });
}

/** The evidence of a rehearsal: whether it passed, and every short fact that the row states. */
export function rehearsalOf({ atMs, value }: RehearsalRow): ReportedRehearsal {
  const facts = Object.entries(value).flatMap(([name, each]) => {
    if (name === 'passed' || !['string', 'number', 'boolean'].includes(typeof each)) return [];
    const text = String(each);
    return text.length > FACT_CHARACTERS_MAX ? [] : [{ name, value: text }];
  });
  return { passed: value['passed'] === true, atMs, facts };
}

/** Who started, took over, paused, resumed, aborted or stopped the run, and why. */
export function interventionsOf(events: readonly TimedEvent[]): readonly Intervention[] {
  return events.flatMap(({ atMs, event }): readonly Intervention[] => {
    switch (event.kind) {
      case 'run-started':
        return [{ kind: 'started', atMs, by: event.by, why: '' }];
      case 'runner-took-over':
        return [{ kind: 'taken over', atMs, by: event.by, why: `epoch ${event.epoch}` }];
      case 'run-paused':
        return [{ kind: 'paused', atMs, by: event.by, why: event.reason }];
      case 'run-resumed':
        return [{ kind: 'resumed', atMs, by: event.by, why: event.reason }];
      case 'run-aborted':
        return [{ kind: 'aborted', atMs, by: event.by, why: event.reason }];
      case 'run-stopped': {
        const code = event.code === '' ? '' : ` (${event.code})`;
        return [{ kind: 'stopped', atMs, by: 'Nightshift', why: `${event.why}${code}` }];
      }
      default:
        return [];
    }
  });
}

type WaveTimes = Pick<ReportedWave, 'startMs' | 'soakUntilMs' | 'endMs'>;

function waveTimes(number: number, events: readonly TimedEvent[]): WaveTimes {
  let times: WaveTimes = {};
  for (const { atMs, event } of events) {
    if (!('wave' in event) || event.wave !== number) continue;
    if (event.kind === 'wave-started') times = { ...times, startMs: atMs };
    if (event.kind === 'wave-soaking') times = { ...times, soakUntilMs: event.untilMs };
    if (event.kind === 'wave-done') times = { ...times, endMs: atMs };
  }
  return times;
}

/** The waves of the plan and when each began, soaked and ended. */
export function wavesOf(plan: Plan, events: readonly TimedEvent[]): readonly ReportedWave[] {
  return plan.body.waves.map(({ name, units, together, soakMs }, number): ReportedWave => {
    const times = waveTimes(number, events);
    const begun = times.startMs === undefined ? 'not started' : 'under way';
    const state = times.endMs === undefined ? begun : 'done';
    return { number, name, units, together, soakMs, ...times, state };
  });
}
