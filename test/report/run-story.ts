import { digestOf } from '../../src/kernel/digest.js';
import { personId, planDigest, runId, unitId } from '../../src/kernel/id.js';
import { toJson } from '../../src/kernel/recall.js';
import type { JournalRecord } from '../../src/ports/journal.js';
import type { Snapshot } from '../../src/driver/facts.js';
import type { Phase, Step } from '../../src/driver/step.js';
import type { Plan, PlanBody, UnitPlan } from '../../src/plan/plan.js';
import type { SignedDecision } from '../../src/review/approval.js';
import type { Ending, RunEvent, StepList } from '../../src/run/event.js';
import type { TranscriptEntry } from '../../src/session/dialect.js';
import type { TakenSnapshot } from '../../src/report/comparison.js';
import { makeReport, type ReportInputs } from '../../src/report/make-report.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A Saturday, 22:00 in Amsterdam. */
export const OPENS = Date.parse('2027-06-12T20:00:00Z');
export const RUN = runId('20270612-2000-7c41');

const PHASES: readonly [string, Phase, string, number][] = [
  ['backup', 'prepare', 'Keep the running config', 1],
  ['copy', 'stage', 'Copy the image', 6],
  ['hash', 'stage', 'Hash the image on the device', 1],
  ['drain', 'drain', 'Take traffic away', 1],
  ['boot', 'arm', 'Set the image to boot', 1],
  ['reload', 'activate', 'Reload', 7],
  ['version', 'verify', 'The new version runs', 1],
  ['undrain', 'undrain', 'Bring traffic back', 1],
  ['save', 'commit', 'Save the config', 1],
];

function stepOf([id, phase, title, minutes]: (typeof PHASES)[number]): Step {
  return {
    id,
    kind: `sample.${id}`,
    version: 1,
    phase,
    title,
    params: {},
    commands: [],
    disrupts: phase === 'activate' ? 'whole device' : 'nothing',
    pointOfNoReturn: phase === 'activate',
    expectedMs: minutes * MINUTE,
    maxMs: 2 * minutes * MINUTE,
    settleMs: 0,
  };
}

export const STEPS = PHASES.map(stepOf);
export const ROLLBACK = [
  stepOf(['boot-old', 'arm', 'Set the previous image to boot', 1]),
  stepOf(['reload-old', 'activate', 'Reload into the previous image', 7]),
  stepOf(['version-old', 'verify', 'The previous version runs', 1]),
];

export function unitPlanOf(name: string, more: Partial<UnitPlan> = {}): UnitPlan {
  const endMs = OPENS + 4 * HOUR;
  return {
    unit: unitId(name),
    address: '192.0.2.7',
    site: 'ams',
    criticality: 'normal',
    fromVersion: '4.30.5M',
    toVersion: '4.32.2F',
    hops: [],
    images: [
      {
        name: 'eos-4.32.2F',
        fileName: 'EOS-4.32.2F.swi',
        path: 'EOS-4.32.2F.swi',
        version: '4.32.2F',
        sizeBytes: 1_200_000_000,
        sha512: 'ab'.repeat(64),
        md5: 'cd'.repeat(16),
      },
    ],
    material: {
      platform: 'arista_eos',
      model: 'DCS-7050SX3',
      serials: [`S-${name}`],
      runningVersion: '4.30.5M',
      nextBoot: 'flash:EOS-4.30.5M.swi',
      configDigest: 'x',
      hostKey: 'k',
    },
    steps: STEPS,
    rollback: ROLLBACK,
    windows: [
      {
        window: 'campus-weekend',
        startMs: OPENS,
        endMs,
        timeZone: 'Europe/Amsterdam',
        notes: [],
      },
    ],
    windowRules: ['campus-weekend'],
    neighbours: [],
    basis: digestOf('basis'),
    expectedMs: 20 * MINUTE,
    worstMs: 40 * MINUTE,
    checksWorstMs: 600_000,
    rollbackWorstMs: 18 * MINUTE,
    backOutDeadlineMs: endMs - 18 * MINUTE,
    ...more,
  };
}

export function planOf(units: readonly UnitPlan[], more: Partial<PlanBody> = {}): Plan {
  const roster = ['bea', 'carl'].map((id) => ({
    id: personId(id),
    name: id === 'bea' ? 'Bea Visser' : 'Carl Smit',
    publicKey: `ssh-ed25519 ${id}`,
  }));
  const body: PlanBody = {
    format: 1,
    playbook: {
      name: 'campus-leaf-4.32',
      summary: 'Campus leaf switches to 4.32.2F',
      digest: digestOf('playbook'),
    },
    author: personId('ada'),
    createdAtMs: OPENS - 50 * HOUR,
    units,
    waves: [{ name: 'all', units: units.map((each) => each.unit), soakMs: 0, together: [] }],
    leftOut: [],
    strategy: { parallel: 4, stopAfterFailures: 1, soakMs: 48 * HOUR },
    checks: { before: [], after: [] },
    rollback: 'automatic',
    approval: { quorum: 2, lab: 'required', evidence: 'none', expiresMs: 72 * HOUR, roster },
    redundancyGroups: [],
    ...more,
  };
  return { digest: planDigest(digestOf(body)), body };
}

export function decisionOf(
  plan: Plan,
  by: string,
  decision: SignedDecision['decision'],
  more: Partial<SignedDecision> = {},
): SignedDecision {
  return {
    plan: plan.digest,
    by: personId(by),
    decision,
    reason: 'read all of it',
    atMs: plan.body.createdAtMs + HOUR,
    publicKey: `ssh-ed25519 ${by}`,
    signature: `signed by ${by}`,
    ...more,
  };
}

export function snapshotOf(more: Partial<Snapshot> = {}): Snapshot {
  return {
    version: '4.30.5M',
    uptimeMs: 90 * 24 * HOUR,
    interfaces: ['Ethernet1', 'Ethernet2', 'Ethernet3'].map((id) => ({
      id,
      admin: 'up',
      oper: 'up',
    })),
    neighbours: [
      { id: 'Ethernet1|spine-1|Ethernet7', port: 'Ethernet1', system: 'spine-1', remotePort: 'E7' },
      { id: 'Ethernet2|spine-2|Ethernet7', port: 'Ethernet2', system: 'spine-2', remotePort: 'E7' },
    ],
    peers: [
      { id: 'bgp|10.0.0.1', protocol: 'bgp', peer: '10.0.0.1', state: 'established', up: true },
    ],
    routes: { total: 214 },
    cpu: { percent: 7 },
    memory: { usedPercent: 41 },
    environment: { ok: true, problems: [] },
    ha: { kind: 'none', role: '', state: '', healthy: true, members: [] },
    ...more,
  };
}

/** Tells a run event by event, as a journal would hold it. Time moves only when the story says so. */
export class RunStory {
  readonly plan: Plan;
  readonly records: JournalRecord[] = [];
  readonly snapshots = new Map<UnitPlan['unit'], TakenSnapshot[]>();
  readonly transcripts = new Map<UnitPlan['unit'], TranscriptEntry[]>();
  nowMs = OPENS;

  constructor(plan: Plan) {
    this.plan = plan;
  }

  tell(event: RunEvent): this {
    const seq = this.records.length + 1;
    const hash = digestOf(`${seq}`);
    this.records.push({ run: RUN, seq, atMs: this.nowMs, epoch: 1, event: toJson(event), hash });
    return this;
  }

  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  start(mode: 'run' | 'observe' = 'run'): this {
    this.tell({ kind: 'run-started', plan: this.plan.digest, by: 'ada', mode });
    return this.tell({ kind: 'wave-started', wave: 0 });
  }

  admit(name: string, wave = 0): this {
    return this.tell({ kind: 'unit-admitted', unit: unitId(name), wave });
  }

  look(name: string, when: 'before' | 'after' | 'soak', snapshot = snapshotOf()): this {
    const unit = unitId(name);
    const taken = this.snapshots.get(unit) ?? [];
    this.snapshots.set(unit, [...taken, { when, atMs: this.nowMs, snapshot }]);
    return this.tell({ kind: 'unit-observed', unit, when, snapshot: digestOf(snapshot) });
  }

  check(name: string, when: 'before' | 'after' | 'soak', failing = ''): this {
    const passed = failing === '';
    return this.tell({
      kind: 'unit-checked',
      unit: unitId(name),
      when,
      passed,
      outcomes: [
        { kind: 'passed', name: 'cpu is calm' },
        ...(passed
          ? []
          : [{ kind: 'failed' as const, name: failing, why: `not true: ${failing}` }]),
      ],
    });
  }

  said(name: string, sent: string, received: string): this {
    const unit = unitId(name);
    const known = this.transcripts.get(unit) ?? [];
    this.transcripts.set(unit, [...known, { atMs: this.nowMs, sent, received, outcome: 'output' }]);
    return this;
  }

  /** Intent, act and, unless it fails, done; takes as long as the step is expected to. */
  step(name: string, list: StepList, index: number, failing = ''): this {
    const step = (list === 'forward' ? STEPS : ROLLBACK)[index]!;
    const at = { unit: unitId(name), list, step: index, id: step.id };
    this.tell({ kind: 'step-intent', ...at, attempt: 1, known: {} });
    const result = step.phase === 'activate' ? 'ambiguous' : 'acted';
    const why = result === 'ambiguous' ? 'the session ended' : '';
    this.tell({ kind: 'step-acted', ...at, result, why, known: {} });
    this.wait(step.expectedMs);
    if (failing !== '') return this.tell({ kind: 'step-failed', ...at, why: failing });
    return this.tell({ kind: 'step-done', ...at, skipped: false, why: 'it is there', known: {} });
  }

  steps(name: string, from = 0, until = STEPS.length): this {
    for (let index = from; index < until; index += 1) this.step(name, 'forward', index);
    return this;
  }

  end(name: string, as: Ending, more: Partial<Extract<RunEvent, { kind: 'unit-ended' }>> = {}) {
    return this.tell({
      kind: 'unit-ended',
      unit: unitId(name),
      as,
      why: `why it is ${as}`,
      next: as === 'done' ? '' : `what to do about ${as}`,
      failure: as !== 'done',
      healthy: as === 'done' || as === 'reverted',
      code: '',
      ...more,
    });
  }

  /** Admitted, upgraded, checked and done. */
  upgrade(name: string, wave = 0): this {
    this.admit(name, wave).look(name, 'before').check(name, 'before');
    this.steps(name, 0, 8).look(name, 'after', snapshotOf({ version: '4.32.2F' }));
    return this.check(name, 'after').steps(name, 8).end(name, 'done');
  }

  /** Upgraded as far as the version check, then rolled back. */
  revert(name: string): this {
    const why = 'it booted 4.30.5M';
    this.admit(name).look(name, 'before').check(name, 'before').steps(name, 0, 6);
    this.step(name, 'forward', 6, why);
    this.tell({ kind: 'rollback-started', unit: unitId(name), why: `version: ${why}` });
    for (const index of ROLLBACK.keys()) this.step(name, 'rollback', index);
    return this.end(name, 'reverted');
  }

  inputs(more: Partial<ReportInputs> = {}): ReportInputs {
    const { plan, records, snapshots, transcripts, nowMs } = this;
    return { plan, run: RUN, records, snapshots, transcripts, decisions: [], nowMs, ...more };
  }

  report(more: Partial<ReportInputs> = {}) {
    return makeReport(this.inputs(more));
  }
}

export function storyOf(names: readonly string[], more: Partial<PlanBody> = {}): RunStory {
  return new RunStory(
    planOf(
      names.map((each) => unitPlanOf(each)),
      more,
    ),
  );
}
