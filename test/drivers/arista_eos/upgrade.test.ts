import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/arista_eos/index.js';
import type { UpgradeTarget } from '../../../src/driver/driver.js';
import type { Facts } from '../../../src/driver/facts.js';
import type { Step } from '../../../src/driver/step.js';
import { transcript } from './scripted.js';

const target: UpgradeTarget = {
  version: '4.29.2F',
  drain: true,
  image: {
    name: 'eos-4.29.2F',
    fileName: 'EOS-4.29.2F.swi',
    version: '4.29.2F',
    path: '/images/EOS-4.29.2F.swi',
    sizeBytes: 1_012_483_921,
    sha512: 'ab'.repeat(64),
    md5: 'cd'.repeat(16),
  },
};
const single = transcript('single-before').facts;
const mlag = transcript('mlag-before').facts;

function stepsOf(wish: UpgradeTarget, facts: Facts) {
  const proposal = driver.upgrade(wish, facts);
  if (proposal.kind !== 'steps') throw new Error(proposal.why);
  return proposal;
}

const shape = (steps: readonly Step[]) =>
  steps.map((step) => [step.phase, step.id, ...step.commands.map(({ send }) => send)]);

const drain = ['configure', 'maintenance', 'unit System', 'quiesce', 'end'];
const undrain = ['configure', 'maintenance', 'unit System', 'no quiesce', 'end'];
const bootNew = ['configure', 'boot system flash:EOS-4.29.2F.swi', 'end'];
const bootOld = ['configure', 'boot system flash:EOS-4.28.3M.swi', 'end'];

describe('an upgrade of EOS', () => {
  test('proposes these steps for a drained MLAG peer', () => {
    const { steps, rollback } = stepsOf(target, mlag);
    expect(shape(steps)).toEqual([
      ['prepare', 'backup-config'],
      ['prepare', 'free-space'],
      ['stage', 'stage-image'],
      ['stage', 'verify-staged'],
      ['drain', 'mlag-ready'],
      ['drain', 'save-config', 'write memory'],
      ['drain', 'drain', ...drain],
      ['arm', 'verify-armed'],
      ['arm', 'set-boot', ...bootNew],
      ['activate', 'reload', 'reload'],
      ['verify', 'verify-version'],
      ['verify', 'mlag-settled'],
      ['undrain', 'undrain', ...undrain],
      ['commit', 'save-committed', 'write memory'],
      ['commit', 'keep-boot', ...bootNew],
    ]);
    expect(shape(rollback)).toEqual([
      ['arm', 'rollback-set-boot', ...bootOld],
      ['activate', 'rollback-reload', 'reload'],
      ['verify', 'rollback-verify-version'],
      ['verify', 'rollback-mlag-settled'],
      ['undrain', 'rollback-undrain', ...undrain],
    ]);
  });

  test('proposes these steps for a single switch that is not drained', () => {
    const { steps, rollback } = stepsOf({ ...target, drain: false }, single);
    expect(steps.map(({ id }) => id)).toEqual([
      'backup-config',
      'free-space',
      'stage-image',
      'verify-staged',
      'save-config',
      'verify-armed',
      'set-boot',
      'reload',
      'verify-version',
      'save-committed',
      'keep-boot',
    ]);
    expect(rollback.map(({ id }) => id)).toEqual([
      'rollback-set-boot',
      'rollback-reload',
      'rollback-verify-version',
    ]);
  });

  test('answers the questions of a reload literally, and saves nothing of the drained state', () => {
    const reload = stepsOf(target, mlag).steps.find(({ id }) => id === 'reload');
    const dialogs = reload?.commands[0]?.dialogs ?? [];
    const answerTo = (question: string) =>
      dialogs.find(({ ask }) => new RegExp(ask).test(question));
    expect(
      answerTo('System configuration has been modified. Save? [yes/no/cancel/diff]:'),
    ).toMatchObject({ answer: 'no' });
    expect(answerTo('Proceed with reload? [confirm]')).toMatchObject({ answer: 'y', enter: false });
    expect(answerTo('Peer supervisor will be reloaded too. Continue? [confirm]')).toBeUndefined();
    expect(reload).toMatchObject({ disrupts: 'whole device', settleMs: 120_000 });
    expect(reload?.commands[0]?.ends).toBe('disconnect');
  });

  test('copies by SCP to the path behind flash: and hashes twice', () => {
    const { steps } = stepsOf(target, single);
    expect(steps.find(({ id }) => id === 'stage-image')?.transfer).toEqual({
      image: 'eos-4.29.2F',
      remotePath: '/mnt/flash/EOS-4.29.2F.swi',
      method: 'scp',
    });
    const hashed = steps.filter(({ kind }) => kind === 'verify-image');
    expect(hashed.map(({ phase }) => phase)).toEqual(['stage', 'arm']);
  });

  test('waits as long as the device delays its ports', () => {
    const settled = stepsOf(target, mlag).steps.find(({ id }) => id === 'mlag-settled');
    expect(settled?.expectedMs).toBe(330_000);
    expect(settled?.maxMs).toBe(930_000);
  });

  test('is pure JSON, ids unique, every kind known, the phases in order', () => {
    const { steps, rollback } = stepsOf(target, mlag);
    const kinds = driver.stepKinds.map(({ kind, version }) => `${kind}@${version}`);
    expect(new Set(kinds).size).toBe(kinds.length);
    const order = ['prepare', 'stage', 'drain', 'arm', 'activate', 'verify', 'undrain', 'commit'];
    for (const list of [steps, rollback]) {
      expect(JSON.parse(JSON.stringify(list))).toEqual(list);
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
      for (const { kind, version } of list) expect(kinds).toContain(`${kind}@${version}`);
      const phases = list.map(({ phase }) => order.indexOf(phase));
      expect(phases).toEqual(phases.toSorted((a, b) => a - b));
    }
  });

  test('a copy that is there already needs room for its rest only', () => {
    const facts: Facts = {
      ...single,
      details: { ...single.details, 'flash:EOS-4.29.2F.swi': 1_000_000_000 },
      members: single.members.map((member) => ({
        ...member,
        flash: { fileSystem: 'flash:', totalBytes: 3_959_422_976, freeBytes: 50_000_000 },
      })),
    };
    expect(driver.upgrade(target, facts).kind).toBe('steps');
  });
});

function without(facts: Facts, key: 'nextBoot'): Facts {
  const { [key]: _, ...rest } = facts;
  return rest;
}

describe('an upgrade is refused', () => {
  const image = (change: Partial<UpgradeTarget['image']>): UpgradeTarget => ({
    ...target,
    image: { ...target.image, ...change },
  });
  const details = (change: Facts['details']): Facts => ({
    ...mlag,
    details: { ...mlag.details, ...change },
  });
  const cases: readonly (readonly [string, UpgradeTarget, Facts, RegExp])[] = [
    ['when it runs the version', { ...target, version: '4.28.3M' }, single, /already/],
    [
      'to a version without its letter',
      { ...target, version: '4.29.2' },
      single,
      /no complete EOS version/,
    ],
    [
      'to text that is no version',
      { ...target, version: '17.12.4' },
      single,
      /no complete EOS version/,
    ],
    [
      'when the image is of another version',
      image({ version: '4.29.3M' }),
      single,
      /not 4\.29\.2F/,
    ],
    [
      'when the file name says otherwise',
      image({ fileName: 'EOS-4.30.1F.swi' }),
      single,
      /names 4\.30\.1F/,
    ],
    [
      'for a file name with a blank',
      image({ fileName: 'EOS 4.29.2F.swi' }),
      single,
      /cannot be used/,
    ],
    [
      'for a file name with a command in it',
      image({ fileName: 'x.swi;reload' }),
      single,
      /cannot be used/,
    ],
    [
      'for a file name with a path in it',
      image({ fileName: '../x.swi' }),
      single,
      /cannot be used/,
    ],
    ['without a boot image', target, without(single, 'nextBoot'), /names no image/],
    [
      'when the boot image is gone',
      target,
      { ...single, nextBoot: 'flash:EOS-4.28.9M.swi' },
      /not on flash/,
    ],
    [
      'when the boot image lies elsewhere',
      target,
      { ...single, nextBoot: 'usb1:EOS-4.28.3M.swi' },
      /not on flash/,
    ],
    [
      'when another image is armed already',
      target,
      {
        ...single,
        nextBoot: 'flash:EOS-4.30.1F.swi',
        details: { ...single.details, 'flash:EOS-4.30.1F.swi': 9 },
      },
      /no safe way back/,
    ],
    [
      'when the name of the boot image does not tell its version',
      target,
      { ...single, nextBoot: 'flash:EOS.swi', details: { ...single.details, 'flash:EOS.swi': 9 } },
      /no safe way back/,
    ],
    [
      'when MLAG is not healthy',
      target,
      details({ mlagHealthy: false, mlagState: 'peer-link status down' }),
      /peer-link status down/,
    ],
    ['with two supervisors', target, details({ supervisors: 2 }), /more than one supervisor/],
    ['when somebody has it under maintenance', target, details({ maintenance: 'under' }), /under/],
    [
      'when flash is too small',
      image({ sizeBytes: 3_000_000_000 }),
      single,
      /3033554432 are needed/,
    ],
  ];

  test.each(cases)('%s', (_, wish, facts, why) => {
    const proposal = driver.upgrade(wish, facts);
    expect(proposal).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  });
});
