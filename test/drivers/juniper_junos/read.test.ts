import { describe, expect, test } from '@jest/globals';
import { readFacts } from '../../../drivers/juniper_junos/facts.js';
import { maskConfig, readSnapshot } from '../../../drivers/juniper_junos/read.js';
import { playing, recorded, recordings } from './recorded.js';

describe.each(recordings.map((each) => [each.file, each] as const))('%s', (file, transcript) => {
  test('gives the facts that were recorded with it', async () => {
    expect(await readFacts(playing(file).session)).toEqual(transcript.facts);
  });

  test('gives the snapshot that was recorded with it', async () => {
    expect(await readSnapshot(playing(file).session)).toMatchObject(transcript.snapshot ?? {});
  });
});

describe('a routing engine that does not answer', () => {
  const line = 'show version invoke-on all-routing-engines';
  const shown = recorded('mx-dual-before').commands[line] ?? '';
  const lost = `${shown.slice(0, shown.indexOf('re1:'))}re1:\n${'-'.repeat(74)}\nerror: Could not connect to re1 : No route to host\n`;

  test('is a member that is not ready, and the other is still read', async () => {
    const { members } = await readFacts(playing('mx-dual-before', { [line]: lost }).session);
    expect(members.map(({ id, state, version }) => [id, state, version])).toEqual([
      ['re0', 'ready', '21.4R3-S5.4'],
      ['re1', 'not answering', ''],
    ]);
  });

  test('makes the redundancy unhealthy', async () => {
    const { ha } = await readSnapshot(playing('mx-dual-before', { [line]: lost }).session);
    expect(ha).toMatchObject({ kind: 'routing-engines', healthy: false });
  });
});

test('the members of a virtual chassis are told apart', async () => {
  const one = recorded('switch-ex').commands['show version'] ?? '';
  const { session } = playing('switch-ex', {
    'show version': `${one}\n${one.replace('fpc0:', 'fpc1:').replace('acc-utr12', 'acc-utr12')}`,
  });
  const facts = await readFacts(session);
  expect(facts.members.map(({ id, role }) => [id, role])).toEqual([
    ['fpc0', 'active'],
    ['fpc1', 'member'],
  ]);
  expect(facts.details['chassisUnits']).toBe(2);
});

test('a masked config says neither when it was committed nor what software wrote it', () => {
  const text =
    '## Last commit: 2026-11-02 20:11:03 UTC by otto\nversion 21.4R3-S5.4;\nsystem {\n}\n';
  expect(maskConfig(text)).toBe('system {\n}\n');
  expect(maskConfig('security {\n    ike {\n        version v2-only;\n    }\n}\n')).toContain(
    'v2-only',
  );
});
