import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/juniper_junos/index.js';
import type { UpgradeTarget } from '../../../src/driver/driver.js';
import type { Facts } from '../../../src/driver/facts.js';
import { imageFor } from './bench.js';
import { recorded } from './recorded.js';

const facts = (file: string): Facts => recorded(file).facts;
const SINGLE = facts('mx-single-before');
const DUAL = facts('mx-dual-before');
const VMHOST = facts('mx-vmhost-before');

function targetOf(model: string, rest: Partial<UpgradeTarget> = {}): UpgradeTarget {
  const image = imageFor(model);
  return { version: image.version, image, drain: false, ...rest };
}

function linesOf(of: Facts, rest: Partial<UpgradeTarget> = {}) {
  const proposal = driver.upgrade(targetOf(of.model, rest), of);
  if (proposal.kind !== 'steps') throw new Error(proposal.why);
  const lines = (steps: typeof proposal.steps) =>
    steps.flatMap((step) => step.commands.map((each) => `${step.id}: ${each.send}`));
  return { forward: lines(proposal.steps), back: lines(proposal.rollback) };
}

describe('an upgrade', () => {
  test('of one engine installs, reboots and does nothing else', () => {
    const path = `/var/tmp/${imageFor('mx240').fileName}`;
    expect(linesOf(SINGLE)).toEqual({
      forward: [
        `validate: request system software validate ${path}`,
        `install-re0: request system software add ${path} no-copy`,
        'reload: request system reboot',
      ],
      back: [
        'rollback-software-re0: request system software rollback',
        'rollback-reload: request system reboot',
      ],
    });
  });

  test('of two engines installs on the standby first and reboots both at once', () => {
    const path = `/var/tmp/${imageFor('mx480').fileName}`;
    expect(linesOf(DUAL).forward).toEqual([
      `copy-re1: file copy ${path} re1:${path}`,
      `validate: request system software validate ${path}`,
      `install-re1: request system software add ${path} no-copy re1`,
      `install-re0: request system software add ${path} no-copy re0`,
      'reload: request system reboot both-routing-engines',
    ]);
  });

  test('of a vmhost uses the commands of its host', () => {
    const { forward, back } = linesOf(VMHOST);
    expect([...forward, ...back].filter((each) => each.includes('request system'))).toEqual([]);
    expect(forward.at(-1)).toBe('reload: request vmhost reboot');
    expect(back[0]).toBe('rollback-software-re0: request vmhost software rollback');
  });

  test('drains what is configured, on both engines where there are two', () => {
    const drained = linesOf(DUAL, { drain: true }).forward.filter((each) =>
      /^(?:un)?drain/.test(each),
    );
    expect(drained).toEqual([
      'drain: configure exclusive',
      'drain: set protocols ospf overload',
      'drain: set protocols isis overload',
      'drain: commit synchronize comment "nightshift drain"',
      'drain: rollback 0',
      'drain: exit configuration-mode',
      'undrain: configure exclusive',
      'undrain: delete protocols ospf overload',
      'undrain: delete protocols isis overload',
      'undrain: commit synchronize comment "nightshift undrain"',
      'undrain: rollback 0',
      'undrain: exit configuration-mode',
    ]);
  });

  test('has no drain where there is nothing to drain', () => {
    const of = facts('switch-ex');
    expect(
      linesOf(of, { drain: true }).forward.filter((each) => each.includes('overload')),
    ).toEqual([]);
  });

  test('never cleans the storage and never takes a snapshot', () => {
    const all = [SINGLE, DUAL, VMHOST].flatMap((of) => {
      const { forward, back } = linesOf(of, { drain: true });
      return [...forward, ...back];
    });
    expect(
      all.filter((each) => /cleanup|snapshot|delete \/|file delete|unlink|force/.test(each)),
    ).toEqual([]);
  });
});

describe('an upgrade is refused', () => {
  const image = imageFor('mx240');
  const member = SINGLE.members[0];
  if (!member) throw new Error('no member');
  const details = (more: Facts['details']): Facts => ({
    ...SINGLE,
    details: { ...SINGLE.details, ...more },
  });

  test.each<readonly [string, Partial<UpgradeTarget>, Facts, RegExp]>([
    [
      'to what runs',
      { version: '21.4R3-S5.4', image: { ...image, version: '21.4R3-S5.4' } },
      SINGLE,
      /runs 21.4R3-S5.4 already/,
    ],
    ['to a version without build', { version: '22.4R3-S2' }, SINGLE, /no build number/],
    ['to no version', { version: 'latest' }, SINGLE, /no Junos version/],
    ['to Junos Evolved', { version: '22.4R3-S2.11-EVO' }, SINGLE, /Evolved/],
    [
      'with the image of another version',
      { image: { ...image, version: '22.4R3-S3.1' } },
      SINGLE,
      /is of 22.4R3-S3.1/,
    ],
    [
      'with a file of another name',
      { image: { ...image, fileName: 'junos-install-mx-x86-64-22.4R3-S9.9.tgz' } },
      SINGLE,
      /names 22.4R3-S9.9/,
    ],
    [
      'with a path for a name',
      { image: { ...image, fileName: '../x.tgz' } },
      SINGLE,
      /cannot be used/,
    ],
    ['of a vmhost with an ordinary package', { image }, VMHOST, /is a vmhost/],
    ['with a vmhost package', { image: imageFor('mx204') }, SINGLE, /is no vmhost/],
    ['while software waits for a boot', {}, facts('mx-single-armed'), /waits for a reboot/],
    ['of a virtual chassis', {}, details({ chassisUnits: 2 }), /virtual chassis/],
    ['of a firewall', {}, { ...SINGLE, model: 'srx1500' }, /does not show/],
    [
      'drained already by others',
      { drain: true },
      details({ ospf: 'overload' }),
      /overload already/,
    ],
    [
      'with an engine that is away',
      {},
      { ...SINGLE, members: [{ ...member, state: 'present' }] },
      /re0 is present/,
    ],
    [
      'with engines of two versions',
      {},
      { ...SINGLE, members: [member, { ...member, id: 're1', version: '20.4R3.8' }] },
      /re1 runs 20.4R3.8/,
    ],
    [
      'without room',
      {},
      {
        ...SINGLE,
        members: [
          { ...member, flash: { fileSystem: 're0:/var/tmp', totalBytes: 9, freeBytes: 9 } },
        ],
      },
      /9 bytes free/,
    ],
  ])('%s', (_what, rest, of, why) => {
    const proposal = driver.upgrade(targetOf(of.model, rest), of);
    expect(proposal).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  });
});
