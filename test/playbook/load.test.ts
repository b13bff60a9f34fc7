import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadPlaybook } from '../../src/playbook/load.js';
import type { Files } from '../../src/ports/files.js';

const SMALL = `kind: playbook
name: p1
summary: A small one
limit: all
change:
  firmware: { golden: true }
window: w1
`;

const filesWith = (text: string) => ({ readText: async () => text }) as unknown as Files;
const load = (text: string) => loadPlaybook(filesWith(text), 'p.yaml');

async function findings(text: string): Promise<readonly string[]> {
  const loaded = await load(text);
  return loaded.diagnostics.map(
    (each) => `${each.place?.line ?? 0}:${each.place?.column ?? 0} ${each.message}`,
  );
}

describe('loadPlaybook', () => {
  test('fills in what a playbook leaves out', async () => {
    const loaded = await load(SMALL);
    expect(loaded.ok && loaded.value).toEqual({
      name: 'p1',
      summary: 'A small one',
      limit: 'all',
      firmware: { kind: 'golden' },
      config: [],
      window: 'w1',
      strategy: {
        waves: [{ kind: 'rest' }],
        parallel: 10,
        stopAfterFailures: 1,
        soakMs: 48 * 3_600_000,
      },
      checks: { before: [], after: [] },
      rollback: 'automatic',
      approval: { quorum: 2, lab: 'required', evidence: 'none', expiresMs: 30 * 86_400_000 },
      file: 'p.yaml',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  test('reads all that a playbook may say', async () => {
    const text = `${SMALL.replace('{ golden: true }', '{ version: "17.12.04" }')}
strategy:
  canary: { perModel: 2, soak: PT1H }
  waves: ["10%", 5, "rest"]
  parallel: 20
  stopAfter: { failures: 3 }
  soak: P1D
checks:
  before: [{ name: calm, that: "state.cpu.percent < 80" }]
  after: [{ name: back, that: "after.routes.total >= before.routes.total", within: PT10M }]
rollback: hold
approval: { quorum: 3, lab: optional, evidence: staged, expires: P7D }
`;
    const loaded = await load(text);
    expect(loaded.ok && loaded.value).toMatchObject({
      firmware: { kind: 'version', version: '17.12.04' },
      strategy: {
        canary: { perModel: 2, soakMs: 3_600_000 },
        waves: [{ kind: 'percent', percent: 10 }, { kind: 'count', count: 5 }, { kind: 'rest' }],
        parallel: 20,
        stopAfterFailures: 3,
        soakMs: 86_400_000,
      },
      checks: {
        before: [{ name: 'calm', that: 'state.cpu.percent < 80', withinMs: 0 }],
        after: [{ name: 'back', withinMs: 600_000 }],
      },
      rollback: 'hold',
      approval: { quorum: 3, lab: 'optional', evidence: 'staged', expiresMs: 7 * 86_400_000 },
    });
  });

  test('gives the same digest for the same content in another file, layout and order', async () => {
    const one = await load(SMALL);
    const lines = SMALL.trim().split('\n');
    const moved = ['# a comment', lines[6], ...lines.slice(0, 6), 'rollback: automatic', ''];
    const two = await loadPlaybook(filesWith(moved.join('\n')), 'other.yaml');
    const three = await load(SMALL.replace('limit: all', 'limit: core'));
    const digests = [one, two, three].map((each) => each.ok && each.value.digest);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  test.each([
    [
      'a key written wrongly',
      SMALL.replace('window:', 'windows:'),
      '7:1 unknown key `windows`; did you mean `window`?',
    ],
    [
      'a patch outside of its folder',
      SMALL.replace('window:', '  config: [{ patch: a/../../x.hbs }]\nwindow:'),
      '7:21 a/../../x.hbs leaves the folder of the playbook',
    ],
    [
      'a patch that is no template',
      SMALL.replace('window:', '  config: [{ patch: x.txt }]\nwindow:'),
      '7:21 `x.txt` does not have the right form',
    ],
    [
      'a patch that names no file',
      SMALL.replace('window:', '  config: [{ vars: {} }]\nwindow:'),
      '7:12 the key `patch` is missing',
    ],
    [
      'nothing to change',
      SMALL.replace('  firmware: { golden: true }', '  {}'),
      '6:3 must have at least 1 keys',
    ],
    [
      'golden together with a version',
      SMALL.replace('true }', 'true, version: "1" }'),
      '6:13 must have at most 1 keys',
    ],
    ['golden: false', SMALL.replace('true }', 'false }'), '6:23 `false` is not allowed here'],
    [
      'a version that YAML reads as a number',
      SMALL.replace('golden: true', 'version: 17.12'),
      '6:24 must be text, but is a number',
    ],
    [
      'a limit that is no pattern',
      SMALL.replace('limit: all', 'limit: "core[3:1]"'),
      '4:8 `core[3:1]`: the range ends before it begins',
    ],
    [
      'a wave after rest',
      `${SMALL}strategy: { waves: [rest, 3] }\n`,
      '8:27 nothing is left for a wave after `rest`',
    ],
    [
      'a wave of 0 %',
      `${SMALL}strategy: { waves: ["0%"] }\n`,
      '8:21 `0%` does not have the right form',
    ],
    [
      'a wrong duration',
      `${SMALL}strategy: { soak: 48h }\n`,
      '8:19 `48h` does not have the right form',
    ],
    ['a quorum of nobody', `${SMALL}approval: { quorum: 0 }\n`, '8:21 must be at least 1'],
    [
      'another rollback',
      `${SMALL}rollback: automatik\n`,
      '8:11 `automatik` is not allowed here; did you mean `automatic`?',
    ],
  ])('finds %s at its place', async (_what, text, expected) => {
    expect(await findings(text)).toContain(expected);
  });

  test('finds every wrong check at its place, all at once', async () => {
    const text = `${SMALL}checks:
  before:
    - { name: calm, that: "before.cpu.percent < 80" }
    - { name: calm, that: "state.cpu.percent <" }
  after:
    - name: back
      that: "state.cpu.percent < 80"
`;
    const found = await findings(text);
    expect(found.map((each) => each.split(': ')[0])).toEqual([
      '10:27 the condition cannot be used',
      '11:15 the check `calm` is there twice',
      '11:27 the condition cannot be used',
      '14:13 the condition cannot be used',
    ]);
  });

  test('finds a missing file', async () => {
    const files = { readText: async () => undefined } as unknown as Files;
    expect(await loadPlaybook(files, 'gone.yaml')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'document-unreadable', place: { file: 'gone.yaml' } }],
    });
  });
});

describe('the playbooks that are shipped', () => {
  test('campus-firmware loads without findings', async () => {
    const loaded = await load(readFileSync('playbooks/campus-firmware.yaml', 'utf8'));
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded.ok && loaded.value.checks.after.map((each) => each.withinMs)).toEqual([
      600_000, 300_000, 300_000,
    ]);
  });
});
