import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Files } from '../../src/ports/files.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { unitFiles, type ServicePlace } from '../../src/cli/systemd-unit.js';
import { loadNoticeRules } from '../../src/notice/load.js';
import { hasProgram } from '../foreign.js';

const inventory = {
  directory: '/inv',
  sites: [{ name: 'ams' }],
  groups: [{ name: 'core' }],
  people: [{ id: 'otto', name: 'Otto', role: 'engineer', mail: 'otto@x.net' }],
} as unknown as Inventory;

async function read(text: string | undefined, found: Inventory = inventory) {
  const files = {
    stat: async () => (text === undefined ? undefined : { sizeBytes: 1 }),
    readText: async () => text,
  } as unknown as Files;
  return loadNoticeRules(files, found);
}

async function findings(text: string, found?: Inventory): Promise<readonly string[]> {
  const checked = await read(text, found);
  return checked.diagnostics.map(
    ({ place, message }) => `${place?.line}:${place?.column} ${message}`,
  );
}

describe('notices.yaml', () => {
  test('need not be there: then there are the usual levels and no channels', async () => {
    const checked = await read(undefined);
    expect(checked.ok && checked.value.channels).toEqual([]);
    expect(checked.ok && checked.value.escalation.critical.map((each) => each.afterMs)).toEqual([
      0, 600_000, 1_200_000,
    ]);
  });

  test('says channels, hooks and levels; what it leaves out is as usual', async () => {
    const checked = await read(`
channels:
  ops: { mail: { host: mail.x.net, user: n, password: env:P, from: n@x.net, ca: ca.pem } }
  hook:
    webhook: { url: 'https://h.x.net/a?b=c', keyId: k1, secret: env:K }
    for: { events: [hold], criticality: [critical], sites: [ams], groups: [core] }
mutes: { mon: { exec: /bin/silence now } }
escalation: { critical: [{ to: [otto] }, { after: PT5M, to: [supervisor] }] }
silentAfter: PT2M
`);
    if (!checked.ok) throw new Error(JSON.stringify(checked.diagnostics));
    const { channels, mutes, escalation, silentMs } = checked.value;
    expect(channels[0]).toMatchObject({
      kind: 'mail',
      server: { port: 587, security: 'starttls', user: 'n', ca: '/inv/ca.pem' },
    });
    expect(channels[1]?.filter).toMatchObject({ events: ['hold'], sites: ['ams'] });
    expect(mutes[0]).toMatchObject({ kind: 'exec', command: '/bin/silence now' });
    expect(escalation.critical[1]).toEqual({ afterMs: 300_000, to: ['supervisor'] });
    expect(escalation.low).toHaveLength(1);
    expect(silentMs).toBe(120_000);
  });

  test('is told all that is wrong with it at once, each at its place', async () => {
    const text = `channels:
  ops: { mail: { host: m, security: none, user: n, password: env:P, from: n@x.net } }
  both: { webhook: { url: 'https://h/', keyId: k, secret: agent }, for: { sites: [amss] } }
  none: { for: { groups: [kore] } }
escalation:
  high: [{ to: [author] }, { to: [supervisr] }]
`;
    expect(await findings(text)).toEqual([
      '2:37 the password would go over the wire in clear text',
      '3:83 there is no site `amss`; did you mean `ams`?',
      '3:59 an agent holds no key for signatures of this kind',
      '4:27 there is no group `kore`; did you mean `core`?',
      '4:9 `none` needs either `mail` or `webhook`',
      '6:28 this level does not come after the one before it',
      '6:35 there is no person or role `supervisr`; did you mean `supervisor`?',
    ]);
  });

  test('never repeats a secret that was written in place of its reference', async () => {
    const text = 'channels: { h: { webhook: { url: https://h/, keyId: k, secret: hunter2 } } }';
    const found = await findings(text);
    expect(found).toHaveLength(1);
    expect(found.join('')).not.toContain('hunter2');
  });

  test('is refused when its mail would reach nobody', async () => {
    const nobody = { ...inventory, people: [] };
    const text = 'channels: { ops: { mail: { host: m, from: n@x.net } } }';
    expect(await findings(text, nobody)).toEqual([
      expect.stringContaining('nobody of people.yaml has a mail address'),
    ]);
  });
});

describe('the systemd units', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-units-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const place: ServicePlace = {
    program: [process.execPath, process.execPath],
    inventory: '/srv/inventory',
    state: '/var/lib/nightshift',
    scope: 'system',
    runAs: 'daemon',
  };

  test('start a run so that a restart goes on with it, and leave what came of it alone', () => {
    const [run, notices] = unitFiles(place);
    expect(run?.text).toMatch(/^ExecStart=.* run --continue --foreground %i$/m);
    expect(run?.text).toMatch(/^Type=exec$/m);
    expect(run?.text).toMatch(/^Restart=on-failure$/m);
    // Every exit code that a run or a refusal may end with, but for a tool error.
    expect(run?.text).toMatch(/^RestartPreventExitStatus=3 4 5 6 7 8 64 130$/m);
    expect(run?.text).toMatch(/^ReadWritePaths=\/var\/lib\/nightshift$/m);
    expect(notices?.text).toMatch(/^ExecStart=.* notices watch$/m);
    expect(unitFiles({ ...place, scope: 'user' })[0]?.text).not.toContain('User=');
  });

  test('are refused for paths that mean something else to systemd', () => {
    for (const state of ['/var/my state', '/var/100%', '/var/$HOME', 'relative', '/a\nUser=root']) {
      expect(() => unitFiles({ ...place, state })).toThrow('cannot stand in a unit file');
    }
  });

  test('are refused for a login that is none', () => {
    expect(() => unitFiles({ ...place, runAs: 'tess\nExecStartPre=/bin/sh' })).toThrow(
      'no login name',
    );
  });

  const withSystemd = hasProgram('systemd-analyze') ? test : test.skip;
  withSystemd.each(['user', 'system'] as const)('please systemd-analyze: %s', (scope) => {
    mkdirSync(join(folder, scope), { mode: 0o700 });
    const paths = unitFiles({ ...place, scope }).map(({ name, text }) => {
      const path = join(folder, scope, name);
      writeFileSync(path, text);
      return path;
    });
    const done = spawnSync('systemd-analyze', ['verify', `--${scope}`, ...paths], {
      env: { ...process.env, XDG_RUNTIME_DIR: join(folder, scope) },
      encoding: 'utf8',
    });
    const about = done.stderr.split('\n').filter((line) => line.includes('nightshift'));
    expect(about).toEqual([]);
  });
});
