import { describe, expect, test } from '@jest/globals';
import type { UpgradeImage } from '../../../src/driver/driver.js';
import type { Facts } from '../../../src/driver/facts.js';
import { conformers } from '../../conformance/conformer.js';
import { driver } from '../../../drivers/fortinet_fortios/index.js';

const transcripts = conformers.find(({ id }) => id === 'fortinet_fortios')?.transcripts ?? [];

function factsOf(file: string): Facts {
  const found = transcripts.find((each) => each.file === file);
  if (!found) throw new Error(file);
  return found.facts;
}

function imageNamed(fileName: string, version = '7.2.8'): UpgradeImage {
  const hashes = { sha512: 'ab'.repeat(64), md5: 'cd'.repeat(16) };
  return {
    name: fileName,
    fileName,
    version,
    path: `/i/${fileName}`,
    sizeBytes: 90_000_000,
    ...hashes,
  };
}

const FOR_60F = imageNamed('FGT_60F-v7.2.8.M-build1639-FORTINET.out');
const FOR_100F = imageNamed('FGT_100F-v7.2.8.M-build1639-FORTINET.out');

function propose(facts: Facts, image: UpgradeImage, version = '7.2.8') {
  return driver.upgrade({ version, image, drain: false }, facts);
}

function stepsOf(facts: Facts, image: UpgradeImage) {
  const answer = propose(facts, image);
  if (answer.kind !== 'steps') throw new Error(answer.why);
  return answer;
}

const sends = (steps: readonly { readonly commands: readonly { readonly send: string }[] }[]) =>
  steps.flatMap((step) => step.commands.map(({ send }) => send));

describe('the upgrade of a single unit', () => {
  const facts = factsOf('single-before.json');

  test('stages into the partition that is not booted, and reboots into it', () => {
    expect(sends(stepsOf(facts, FOR_60F).steps)).toEqual([
      'execute restore secondary-image tftp <path> <server>',
      'execute set-next-reboot secondary',
      'execute reboot',
    ]);
  });

  test('goes back into the partition that runs now', () => {
    expect(sends(stepsOf(facts, FOR_60F).rollback)).toEqual([
      'execute set-next-reboot primary',
      'execute reboot',
    ]);
  });

  test('never answers a question about a missing signature', () => {
    const [line] = stepsOf(facts, FOR_60F).steps.flatMap((step) => step.commands);
    const asked = [
      'This firmware image has no valid RSA signature!\nDo you want to continue? (y/n)',
      'Do you want to continue? (y/n)',
      'Upgrade to an image that is not certified. This operation is dangerous.\nDo you want to continue? (y/n)',
    ];
    const answers = asked.filter((text) =>
      line?.dialogs.some(({ ask }) => new RegExp(ask, 'm').test(text)),
    );
    expect(answers).toEqual([]);
  });

  test.each([
    ['another model', FOR_100F, /is for FGT_100F/],
    ['a name of its own', imageNamed('image.out'), /does not tell/],
    ['another version', imageNamed(FOR_60F.fileName, '7.4.1'), /is of 7\.4\.1/],
  ])('refuses an image of %s', (_what, image, why) => {
    expect(propose(facts, image)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  test.each([
    ['only one partition', { partitions: 1 }, /two firmware partitions/],
    ['firmware that is not certified', { signature: 'un-certified' }, /not certified/],
    ['virtual domains', { vdoms: 'multiple' }, /virtual domains/],
  ])('refuses a unit with %s', (_what, details, why) => {
    const odd = { ...facts, details: { ...facts.details, ...details } };
    expect(propose(odd, FOR_60F)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });
});

describe('the upgrade of a cluster', () => {
  const facts = factsOf('ha-before.json');

  test('goes through the primary in one step and stages nothing', () => {
    const { steps } = stepsOf(facts, FOR_100F);
    expect(sends(steps)).toEqual(['execute restore image tftp <path> <server>']);
    expect(steps.filter((step) => step.phase === 'stage')).toEqual([]);
    expect(steps.find((step) => step.id === 'verify-version')?.params['serials']).toEqual(
      facts.serials,
    );
  });

  test('goes back member by member, each into the partition that holds the old build there', () => {
    const { rollback } = stepsOf(facts, FOR_100F);
    expect(sends(rollback)).toEqual([
      'execute set-next-reboot <slot>',
      'execute reboot',
      'execute set-next-reboot <slot>',
      'execute reboot',
    ]);
  });

  test('takes either member for the unit', () => {
    expect(factsOf('ha-after-failover.json').serials).toEqual(facts.serials);
  });

  test.each([
    ['override', { haOverride: true }, /override/],
    ['members that are not in sync', { haHealthy: false, haSync: 'out-of-sync' }, /not healthy/],
    ['members that upgrade at one time', { haUpgradeMode: 'simultaneous' }, /simultaneous/],
    ['both members active', { ha: 'a-a' }, /a-a/],
  ])('refuses a cluster with %s', (_what, details, why) => {
    const odd = { ...facts, details: { ...facts.details, ...details } };
    expect(propose(odd, FOR_100F)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  test('refuses a cluster that has lost a member', () => {
    expect(propose({ ...facts, members: facts.members.slice(0, 1) }, FOR_100F).kind).toBe(
      'refused',
    );
  });
});
