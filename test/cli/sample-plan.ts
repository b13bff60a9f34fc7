import type { Step } from '../../src/driver/step.js';
import { digestText } from '../../src/kernel/digest.js';
import { personId, planDigest, unitId } from '../../src/kernel/id.js';
import type { Plan, UnitPlan } from '../../src/plan/plan.js';

export const OPENS_MS = Date.UTC(2027, 2, 27, 21);
export const CLOSES_MS = OPENS_MS + 4 * 3_600_000;

export function step(id: string, more: Partial<Step> = {}): Step {
  return {
    id,
    kind: `lab.${id}`,
    version: 1,
    phase: 'stage',
    title: `Do the ${id}`,
    params: {},
    commands: [],
    disrupts: 'nothing',
    pointOfNoReturn: false,
    expectedMs: 60_000,
    maxMs: 300_000,
    settleMs: 0,
    ...more,
  };
}

const reload = step('reload', {
  phase: 'activate',
  title: 'Reload the switch',
  disrupts: 'whole device',
  pointOfNoReturn: true,
  commands: [
    {
      send: 'reload  slot <slot>',
      dialogs: [{ ask: 'Proceed\\?', answer: 'y', enter: false }],
      holes: [{ name: 'slot', from: 'copy.slot', permitted: '[12]' }],
      ends: 'disconnect',
    },
  ],
});

export function unitPlan(name: string, more: Partial<UnitPlan> = {}): UnitPlan {
  return {
    unit: unitId(name),
    address: '192.0.2.7',
    site: 'ams',
    criticality: 'high',
    neighbours: [],
    fromVersion: '1.0',
    toVersion: '2.0',
    hops: [],
    images: [
      {
        name: 'two',
        fileName: 'two.bin',
        path: '/images/two.bin',
        version: '2.0',
        sizeBytes: 812_000_000,
        sha512: 'ab'.repeat(64),
        md5: 'cd'.repeat(16),
      },
    ],
    material: {
      platform: 'lab_test',
      model: 'T1',
      serials: ['SN1'],
      runningVersion: '1.0',
      nextBoot: 'one.bin',
      configDigest: digestText('config'),
      hostKey: 'SHA256:key',
    },
    steps: [step('copy', { title: 'Copy the image' }), reload],
    rollback: [step('back', { phase: 'activate', title: 'Boot the old image' })],
    windows: [
      {
        window: 'nights',
        startMs: OPENS_MS,
        endMs: CLOSES_MS,
        timeZone: 'Europe/Amsterdam',
        notes: [],
      },
    ],
    windowRules: ['nights'],
    basis: digestText('basis'),
    expectedMs: 720_000,
    worstMs: 2_400_000,
    checksWorstMs: 600_000,
    rollbackWorstMs: 1_200_000,
    backOutDeadlineMs: CLOSES_MS - 1_200_000,
    ...more,
  };
}

export function samplePlan(units: readonly UnitPlan[] = [unitPlan('sw1'), unitPlan('sw2')]): Plan {
  const ids = units.map((each) => each.unit);
  return {
    digest: planDigest(digestText('plan')),
    body: {
      format: 1,
      playbook: { name: 'access-2.0', summary: 'Access switches to 2.0', digest: digestText('p') },
      author: personId('otto'),
      createdAtMs: OPENS_MS - 86_400_000,
      units,
      waves: [
        {
          name: 'canary',
          units: ids,
          soakMs: 1_800_000,
          together: [{ units: ids, safeBecause: 'in no redundancy group' }],
        },
      ],
      leftOut: [
        { unit: unitId('sw8'), why: 'runs 2.0 already', kind: 'nothing to do' },
        { unit: unitId('sw9'), why: 'it was never fingerprinted', kind: 'refused' },
      ],
      strategy: { parallel: 2, stopAfterFailures: 1, soakMs: 172_800_000 },
      checks: {
        before: [],
        after: [{ name: 'calm', that: 'after.cpu.percent < 80', withinMs: 60_000 }],
      },
      rollback: 'automatic',
      approval: {
        quorum: 1,
        lab: 'required',
        evidence: 'none',
        expiresMs: 604_800_000,
        roster: [{ id: personId('anna'), name: 'Anna', publicKey: 'ssh-ed25519 AAAA' }],
      },
      redundancyGroups: [],
    },
  };
}
