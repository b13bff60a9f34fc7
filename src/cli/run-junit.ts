import { shortDigest } from '../kernel/digest.js';
import type { Plan } from '../plan/plan.js';
import type { Report } from '../report/report.js';
import type { JunitCase, JunitResult, JunitSuite } from './junit.js';
import type { RehearsalResult } from './lab-commands.js';

type ReportedUnit = Report['units'][number];
type Outcome = ReportedUnit['checks'][number]['outcomes'][number];

function unitResult({ standing, state, ending, next }: ReportedUnit): JunitResult {
  const message = ending?.why ?? `${standing} (${state})`;
  const details = next === '' ? {} : { details: `${message}\n${next}` };
  if (standing === 'done') return { kind: 'passed' };
  if (standing === 'not started' || standing === 'under way') return { kind: 'skipped', message };
  return { kind: standing === 'rolled back' ? 'failed' : 'error', message, ...details };
}

function checkResult(outcome: Outcome): JunitResult {
  if (outcome.kind === 'passed') return { kind: 'passed' };
  return { kind: outcome.kind === 'failed' ? 'failed' : 'error', message: outcome.why };
}

/** The last word of each check counts: one that came true within its time did pass. */
function checkCases(unit: ReportedUnit): readonly JunitCase[] {
  const last = new Map<string, JunitCase>();
  for (const { when, outcomes } of unit.checks) {
    for (const outcome of outcomes) {
      const name = `check ${when}: ${outcome.name}`;
      last.set(name, { name, about: unit.unit, result: checkResult(outcome) });
    }
  }
  return [...last.values()];
}

function tookOf({ path }: ReportedUnit): number {
  const ends = path.map((each) => each.untilMs ?? each.fromMs);
  const first = path[0]?.fromMs ?? 0;
  return Math.max(0, ...ends.map((each) => each - first));
}

function unitCases(unit: ReportedUnit): readonly JunitCase[] {
  const { toVersion, config } = unit.planned;
  const goal = config ? `${toVersion} with its configuration` : toVersion;
  const own: JunitCase = {
    name: `comes to ${goal}`,
    about: unit.unit,
    result: unitResult(unit),
    tookMs: tookOf(unit),
  };
  return [own, ...checkCases(unit)];
}

/** A report as suites of cases: a suite a wave, a case a unit and one for each of its checks. */
export function reportSuites(report: Report): readonly JunitSuite[] {
  return report.waves.map((wave) => ({
    name: `${report.playbook.name}: wave ${wave.number + 1}, ${wave.name}`,
    ...(wave.startMs === undefined ? {} : { atMs: wave.startMs }),
    cases: wave.units.flatMap((name) =>
      report.units.filter((each) => each.unit === name).flatMap(unitCases),
    ),
  }));
}

function rehearsed(
  { ended, why, isTrue }: RehearsalResult['units'][number],
  passed: boolean,
): JunitResult {
  if (!isTrue) {
    return { kind: 'error', message: `the run says ${ended}; the lab knows better`, details: why };
  }
  // With faults asked for, a rehearsal may pass though units did not end done.
  if (ended === 'done' || passed) return { kind: 'passed' };
  return { kind: 'failed', message: why === '' ? ended : `${ended}: ${why}` };
}

/** A rehearsal as a suite: a case a unit, and one for the whole. */
export function rehearsalSuite(plan: Plan, result: RehearsalResult): JunitSuite {
  const { passed, headline, seed, units, tookMs, atMs } = result;
  const whole: JunitCase = {
    name: 'the rehearsal passes',
    about: plan.body.playbook.name,
    result: passed ? { kind: 'passed' } : { kind: 'failed', message: headline },
    tookMs,
    output: `seed ${seed}`,
  };
  const each = units.map((unit): JunitCase => {
    const name = `ends as it should: ${unit.ended}`;
    return { name, about: unit.unit, result: rehearsed(unit, passed) };
  });
  return { name: `rehearsal of ${shortDigest(plan.digest)}`, atMs, cases: [whole, ...each] };
}
