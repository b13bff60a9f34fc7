import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LAB_ENVIRONMENT } from '../../lab/rehearse/prepare.js';
import { openHookSink, openMailSink, type HookSink, type MailSink } from './servers.js';
import { openEvening, playbookText, signedBy, until, type Evening } from '../e2e/evening.js';

let evening: Evening;
let hook: HookSink;
let deaf: MailSink;

const HOOK_KEY = 'k3y-of-the-hook';
/** One channel that answers, one that never does. */
const rules = () => `channels:
  board: { webhook: { url: '${hook.url}', keyId: k1, secret: env:HOOK_KEY } }
  ops:
    mail: { host: 127.0.0.1, port: ${deaf.port}, security: none, from: n@x.net, to: [noc@x.net] }
mutes: { mon: { webhook: { url: '${hook.url}', keyId: k1, secret: env:HOOK_KEY } } }
`;

beforeAll(async () => {
  [hook, deaf] = await Promise.all([openHookSink(), openMailSink()]);
  deaf.hang = true;
  evening = await openEvening(240);
  evening.write('inventory/notices.yaml', rules());
  await evening.must([
    'fingerprint',
    '--accept-new',
    '--reason',
    'first contact',
    '--limit',
    'acc-ams-1',
  ]);
  evening.write('night.yaml', playbookText('night', 'acc-ams-1'));
  await evening.must(['plan', 'night.yaml', ...signedBy('otto'), '--brief']);
}, 60_000);

afterAll(async () => {
  await evening.end();
  await Promise.all([hook.close(), deaf.close()]);
}, 30_000);

interface Told {
  readonly event?: string;
  readonly action?: string;
}
const calls = (): readonly Told[] => hook.calls.map((each) => JSON.parse(each.body));
const tellerPid = (): number => JSON.parse(evening.read('.nightshift/teller.json')).pid;

const status = async () => (await evening.type(['status', 'last'])).err;

/** util-linux's `script` is the terminal: when it dies, the kernel hangs up on everybody in it. */
const terminal = '/usr/bin/script';
const onTerminal = existsSync(terminal) ? test : test.skip;

describe('a run in a process of its own', () => {
  test('says in the terminal why it does not begin, with the exit code of that', async () => {
    const { code, err } = await evening.type(['run', 'night', '--detach']);
    expect(code).toBe(6);
    expect(err).toContain('error[not-approved]');
  });

  onTerminal(
    'outlives its terminal and completes',
    async () => {
      await evening.must(['review', 'approve', 'night', ...signedBy('anna'), '--reason', 'fine']);
      const command = `${resolve('bin/nightshift')} run night`;
      const window = spawn(terminal, ['-qfec', command, '/dev/null'], {
        cwd: evening.folder,
        env: { ...process.env, TERM: 'xterm', LC_ALL: 'C', ...LAB_ENVIRONMENT, HOOK_KEY },
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      let shown = '';
      window.stdout.on('data', (text: Buffer) => (shown += text.toString()));
      const closed = new Promise((done) => window.once('close', done));
      await until('the live view', () => shown.includes('q leaves it running'));
      window.kill('SIGKILL');
      await closed;
      const log = () => evening.read('.nightshift/log/run.log');
      expect(log()).not.toContain('acc-ams-1 done');
      await until('the end of the run', async () => (await status()).includes('no runner'));
      expect(await status()).toContain('The unit is upgraded and checked.');
      expect(log()).toContain('acc-ams-1 done');
      // The mail server that says nothing held nothing up; the one that listens was told.
      await until('the end to be told', () => calls().some((each) => each.event === 'completed'));
      expect(calls().map((each) => each.action ?? each.event)).toEqual(
        expect.arrayContaining(['mute', 'lift', 'completed']),
      );
      expect(deaf.letters).toEqual([]);
      const handover = (await evening.must(['status', '--handover'])).out;
      expect(handover).toMatch(/Done\n  - acc-ams-1\n/);
      expect(evening.transcript()).not.toContain(HOOK_KEY);
      // The process stays to try the mail again; it is told to go.
      process.kill(tellerPid(), 'SIGTERM');
    },
    60_000,
  );
});
