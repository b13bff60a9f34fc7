import { describe, expect, test } from '@jest/globals';
import type { UpgradeTarget } from '../../../src/driver/driver.js';
import type { Facts } from '../../../src/driver/facts.js';
import type { Step } from '../../../src/driver/step.js';
import { driver } from '../../../drivers/cisco_iosxe/index.js';
import { transcript } from './fake-session.js';

const FILE = 'cat9k_iosxe.17.12.04.SPA.bin';
const stack = transcript('stack-install').facts;
const target: UpgradeTarget = {
  version: '17.12.4',
  drain: true,
  image: {
    name: 'cat9k-17.12.4',
    fileName: FILE,
    version: '17.12.4',
    path: '/images/x',
    sizeBytes: 1_233_000_000,
    sha512: 'ab'.repeat(64),
    md5: 'cd'.repeat(16),
  },
};

function proposal(facts: Facts = stack, over: Partial<UpgradeTarget> = {}) {
  const made = driver.upgrade({ ...target, ...over }, facts);
  if (made.kind === 'refused') throw new Error(`refused: ${made.why}`);
  return made;
}

const lines = (steps: readonly Step[]) =>
  steps.map((step) => [step.id, step.phase, ...step.commands.map((line) => line.send)]);

describe('the upgrade of a stack', () => {
  test('proposes exactly these steps and commands', () => {
    expect(lines(proposal().steps)).toEqual([
      ['backup-config', 'prepare'],
      ['save-config', 'prepare', 'write memory'],
      ['boot-ready', 'prepare'],
      ['free-space', 'prepare'],
      ['stage-image', 'stage'],
      ['verify-image', 'stage'],
      ['install-add', 'stage', `install add file flash:${FILE}`],
      ['drain', 'drain', 'configure terminal', 'router ospf 10', 'max-metric router-lsa', 'end'],
      ['verify-image-again', 'arm'],
      ['rollback-point', 'arm'],
      ['boot-ready-again', 'arm'],
      ['install-activate', 'activate', 'install activate auto-abort-timer 120'],
      ['verify-version', 'verify'],
      [
        'undrain',
        'undrain',
        'configure terminal',
        'router ospf 10',
        'no max-metric router-lsa',
        'end',
      ],
      ['install-commit', 'commit', 'install commit'],
      ['save-config-after', 'commit', 'write memory'],
    ]);
  });

  test('proposes exactly this way back', () => {
    expect(lines(proposal().rollback)).toEqual([
      ['rollback-abort', 'activate', 'install abort'],
      ['rollback-install', 'activate', 'install rollback to id <rollbackId>'],
      ['rollback-verify-version', 'verify'],
      ['rollback-commit', 'commit', 'install commit'],
      [
        'rollback-undrain',
        'undrain',
        'configure terminal',
        'router ospf 10',
        'no max-metric router-lsa',
        'end',
      ],
      ['rollback-save', 'commit', 'write memory'],
    ]);
  });

  test('never removes anything from flash', () => {
    const { steps, rollback } = proposal();
    const sends = [...steps, ...rollback].flatMap((step) => step.commands.map((line) => line.send));
    expect(sends.filter((each) => /remove|delete|format|erase/.test(each))).toEqual([]);
  });

  test('the rollback id is a hole filled before the activation, numbers only', () => {
    const line = proposal().rollback[1]?.commands[0];
    expect(line?.holes).toEqual([
      { name: 'rollbackId', from: 'rollback-point.rollbackId', permitted: '^\\d{1,3}$' },
    ]);
  });

  test('answers the questions of the activation as the device asks them', () => {
    const dialogs = proposal().steps.find((step) => step.id === 'install-activate')?.commands[0]
      ?.dialogs;
    const answer = (text: string) =>
      dialogs?.find((dialog) => new RegExp(dialog.ask).test(text))?.answer;
    expect(
      answer('This operation may require a reload of the system. Do you want to proceed? [y/n]'),
    ).toBe('y');
    expect(
      answer(
        'Press Quit(q) to exit, you may save configuration and re-enter the command. [y/n/q] ',
      ),
    ).toBe('y');
    expect(answer('Delete all other images? [y/n]')).toBeUndefined();
  });

  test('answers the question of the abort in both wordings', () => {
    const dialogs = proposal().rollback[0]?.commands[0]?.dialogs ?? [];
    const asked = [
      'This operation may require a reload of the system. Do you want to proceed? [y/n]',
      'This install abort would require a reload. Do you want to proceed? [y/n] ',
    ];
    for (const text of asked) {
      expect(dialogs.find(({ ask }) => new RegExp(ask).test(text))?.answer).toBe('y');
    }
  });

  test('asks for room for the image and its packages on every member', () => {
    const step = proposal().steps.find((each) => each.id === 'free-space');
    const bytes = 1_233_000_000 + Math.ceil(1_233_000_000 * 1.1);
    expect(step?.params['needBytes']).toEqual({
      'flash:': bytes,
      'flash-2:': bytes,
      'flash-3:': bytes,
    });
  });

  test('counts what is staged and added already', () => {
    const details = {
      ...stack.details,
      [`file.flash:${FILE}`]: 1_233_000_000,
      'install.inactive': '17.12.4',
    };
    const step = proposal({ ...stack, details }).steps.find((each) => each.id === 'free-space');
    expect(step?.params['needBytes']).toEqual({ 'flash:': 0, 'flash-2:': 0, 'flash-3:': 0 });
  });

  test('reload steps bear a device that answers for minutes after the command', () => {
    const reloads = [...proposal().steps, ...proposal().rollback].filter(
      (step) => step.disrupts === 'whole device',
    );
    expect(reloads.map((step) => step.id)).toEqual([
      'install-activate',
      'rollback-abort',
      'rollback-install',
    ]);
    expect(reloads.every((step) => step.settleMs >= 300_000 && step.maxMs > step.settleMs)).toBe(
      true,
    );
  });

  test('every kind that it names is one of the driver', () => {
    const kinds = new Set(driver.stepKinds.map((each) => `${each.kind}@${each.version}`));
    const { steps, rollback } = proposal();
    for (const step of [...steps, ...rollback])
      expect(kinds).toContain(`${step.kind}@${step.version}`);
  });
});

describe('drain', () => {
  test('is left out without the wish, and without OSPF', () => {
    const ids = (facts: Facts, drain: boolean) =>
      proposal(facts, { drain }).steps.map((step) => step.id);
    expect(ids(stack, false)).not.toContain('drain');
    expect(
      ids({ ...stack, details: { ...stack.details, 'ospf.processes': '' } }, true),
    ).not.toContain('drain');
  });

  test('leaves a process alone that is drained already', () => {
    const details = { ...stack.details, 'ospf.10.maxMetric': 'max-metric router-lsa' };
    expect(proposal({ ...stack, details }).steps.map((step) => step.id)).not.toContain('drain');
  });

  test('puts an on-startup line back as it was', () => {
    const router = transcript('router-install').facts;
    const image = { ...target.image, fileName: 'c8000v-universalk9.17.12.04.SPA.bin' };
    const undrain = proposal(router, { image }).steps.find((step) => step.id === 'undrain');
    expect(undrain?.commands.map((line) => line.send)).toEqual([
      'configure terminal',
      'router ospf 10',
      'no max-metric router-lsa',
      'router ospf 20 vrf GUEST',
      'no max-metric router-lsa',
      'max-metric router-lsa on-startup 300',
      'end',
    ]);
  });
});

describe('refuses', () => {
  const member = (at: number, over: object): Facts => ({
    ...stack,
    members: stack.members.map((each, index) => (index === at ? { ...each, ...over } : each)),
  });
  const detail = (over: Facts['details']): Facts => ({
    ...stack,
    details: { ...stack.details, ...over },
  });
  const flash = { fileSystem: 'flash-2:', totalBytes: 11_000_000_000, freeBytes: 1_000_000 };
  const image = (over: Partial<UpgradeTarget['image']>) => ({
    image: { ...target.image, ...over },
  });

  test.each<[string, Facts, Partial<UpgradeTarget>, RegExp]>([
    ['bundle mode', { ...stack, bootMode: 'bundle' }, {}, /bundle mode/],
    ['another boot file', { ...stack, nextBoot: 'flash:old.bin' }, {}, /boot variable/],
    [
      'another boot file of a member',
      detail({ 'boot.3': 'flash:old.bin' }),
      {},
      /boot\.3.*old\.bin/,
    ],
    ['manual boot', member(1, { manualBoot: true }), {}, /member 2 boots manually/],
    [
      'an ignored startup config',
      detail({ nextConfigRegister: '0x2142' }),
      {},
      /ignore the startup/,
    ],
    ['a boot field of zero', detail({ nextConfigRegister: '0x2100' }), {}, /ROMMON/],
    ['a member away', member(2, { state: 'provisioned' }), {}, /member 3 is provisioned/],
    ['two versions', member(2, { version: '17.06.05' }), {}, /member 3 runs 17\.06\.05/],
    ['an uncommitted image', detail({ 'install.uncommitted': true }), {}, /not committed/],
    ['a running install', detail({ 'install.operation': 'install_add' }), {}, /install_add runs/],
    ['no room on one member', member(1, { flash }), {}, /flash full: member 2 .* flash-2:/],
    ['unknown room', member(1, { flash: undefined }), {}, /free space of member 2/],
    [
      'the same version',
      stack,
      { version: '17.09.04a', ...image({ version: '17.9.4a' }) },
      /already/,
    ],
    ['no version', stack, { version: 'latest' }, /no IOS-XE release/],
    ['an image of another version', stack, image({ version: '17.12.5' }), /17\.12\.5/],
    ['an odd file name', stack, image({ fileName: 'a b;reload.bin' }), /no name for an image/],
    [
      'a maintenance update',
      stack,
      image({ fileName: 'cat9k_iosxe.17.12.04.CSCvz1.SPA.smu.bin' }),
      /maintenance update/,
    ],
    [
      'a name of another version',
      stack,
      image({ fileName: 'cat9k_iosxe.17.12.05.SPA.bin' }),
      /named for 17\.12\.05/,
    ],
    [
      'an image of another model',
      stack,
      image({ fileName: 'isr4300-universalk9.17.12.04.SPA.bin' }),
      /not for a C9300/,
    ],
    ['an SD-WAN router', detail({ operatingMode: 'Controller-Managed' }), {}, /controller/],
  ])('%s', (_, facts, over, why) => {
    const made = driver.upgrade({ ...target, ...over }, facts);
    expect(made).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  });

  test('not: a former image that is still inactive', () => {
    expect(proposal(detail({ 'install.inactive': '17.6.5' })).steps.length).toBeGreaterThan(0);
  });

  test('the bundle-mode transcript as it stands', () => {
    const made = driver.upgrade(
      {
        ...target,
        version: '17.15.1',
        image: { ...target.image, version: '17.15.1', fileName: 'cat9k_iosxe.17.15.01.SPA.bin' },
      },
      transcript('single-bundle').facts,
    );
    expect(made).toMatchObject({ kind: 'refused', mend: expect.stringContaining('packages.conf') });
  });
});
