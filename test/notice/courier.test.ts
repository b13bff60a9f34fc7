import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createNoticeCourier } from '../../src/adapters/notice-courier.js';
import { createSecrets } from '../../src/adapters/secrets.js';
import type { Letter, MailServer } from '../../src/ports/notice-courier.js';
import { hasProgram } from '../foreign.js';
import { openHookSink, openMailSink, type HookSink, type MailSink } from './servers.js';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-courier-'));
const env = { SMTP_PASSWORD: 'Pa55-of-the-mail', HOOK_KEY: 'k3y-of-the-hook' };
const secrets = createSecrets({ env });
const courier = createNoticeCourier({ secrets, env: process.env });
const atMs = Date.UTC(2027, 2, 27, 23, 5);
const open: { close(): Promise<void> }[] = [];

async function keep<T extends { close(): Promise<void> }>(made: Promise<T>): Promise<T> {
  const one = await made;
  open.push(one);
  return one;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function letterTo(port: number, server: Partial<MailServer> = {}): Letter {
  return {
    server: { host: '127.0.0.1', port, security: 'none', ...server },
    delivery: 'r1.7/ops/1',
    from: 'nightshift@example.net',
    to: ['otto@example.net', 'anna@example.net'],
    subject: 'nightshift HELD: sw1\r\nBcc: eve@example.net',
    text: 'sw1 is held\n.\nlook at it: ü\n',
    atMs,
  };
}

describe('mail', () => {
  let sink: MailSink;
  beforeEach(async () => {
    sink = await keep(openMailSink());
  });

  test('arrives with its delivery id, for everybody it is for, and says no more than it should', async () => {
    expect(await courier.mail(letterTo(sink.port))).toEqual({ kind: 'delivered' });
    const [letter] = sink.letters;
    expect(letter?.to).toEqual(['otto@example.net', 'anna@example.net']);
    expect(letter?.data).toMatch(/^Nightshift-Delivery: r1\.7\/ops\/1$/m);
    expect(letter?.data).toMatch(/^Message-ID: <r1\.7\.ops\.1@example\.net>$/m);
    expect(letter?.data).toMatch(/^Date: Sat, 27 Mar 2027 23:05:00 \+0000$/m);
    expect(letter?.data).not.toMatch(/^Bcc:/m);
  });

  test('that the server refuses for one person is not delivered', async () => {
    sink.refuse = (address) => address.startsWith('anna');
    expect(await courier.mail(letterTo(sink.port))).toEqual({
      kind: 'undelivered',
      why: 'the server refused anna@example.net',
    });
  });

  test('is not sent in clear text where encryption is wanted', async () => {
    const letter = letterTo(sink.port, {
      security: 'starttls',
      user: 'nightshift',
      password: 'env:SMTP_PASSWORD',
    });
    const outcome = await courier.mail(letter);
    expect(outcome.kind).toBe('undelivered');
    expect(JSON.stringify(outcome)).not.toContain(env.SMTP_PASSWORD);
    expect(sink.letters).toEqual([]);
  });

  test('says which secret is missing', async () => {
    const letter = letterTo(sink.port, { user: 'n', password: 'env:NOT_THERE' });
    expect(await courier.mail(letter)).toEqual({
      kind: 'undelivered',
      why: 'env:NOT_THERE: the variable is not set',
    });
  });

  const withOpenssl = hasProgram('openssl') ? test : test.skip;
  withOpenssl('logs in under STARTTLS, to a server of a trusted authority only', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=mail', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const options = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2';
    spawnSync('openssl', [...options.split(' '), '-keyout', key, '-out', cert, ...subject]);
    const identity = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    const safe = await keep(openMailSink(identity));
    const login = { security: 'starttls', user: 'shift', password: 'env:SMTP_PASSWORD' } as const;
    const stranger = await courier.mail(letterTo(safe.port, login));
    expect(stranger.kind).toBe('undelivered');
    expect(await courier.mail(letterTo(safe.port, { ...login, ca: cert }))).toEqual({
      kind: 'delivered',
    });
    expect(safe.letters).toHaveLength(1);
    expect(safe.letters[0]).toMatchObject({
      encrypted: true,
      login: `\u0000shift\u0000${env.SMTP_PASSWORD}`,
    });
  });
});

describe('a webhook', () => {
  let sink: HookSink;
  const call = (more: object = {}) => ({
    url: sink.url,
    delivery: 'r1.7/hook/1',
    body: '{"what":"sw1 is held: ü"}',
    signature: { keyId: 'k1', secret: 'env:HOOK_KEY' },
    atMs,
    ...more,
  });
  beforeEach(async () => {
    sink = await keep(openHookSink());
  });

  /** The check that README gives to receivers. */
  function isFromUs(header: string, body: string, nowMs: number): boolean {
    const { key, t, v1 } = Object.fromEntries(
      header.split(', ').map((each) => each.split('=')),
    ) as Record<string, string>;
    if (key !== 'k1' || Math.abs(nowMs / 1000 - Number(t)) > 300) return false;
    return createHmac('sha256', env.HOOK_KEY).update(`${t}.${body}`).digest('hex') === v1;
  }

  test('is signed with time and key, so that neither body nor age can be changed', async () => {
    expect(await courier.post(call())).toEqual({ kind: 'delivered' });
    const [got] = sink.calls;
    const signature = String(got?.headers['nightshift-signature']);
    expect(got?.headers['nightshift-delivery']).toBe('r1.7/hook/1');
    expect(isFromUs(signature, got?.body ?? '', atMs)).toBe(true);
    expect(isFromUs(signature, `${got?.body} `, atMs)).toBe(false);
    expect(isFromUs(signature.replace(/t=\d+/, 't=1806188999'), got?.body ?? '', atMs)).toBe(false);
    expect(isFromUs(signature, got?.body ?? '', atMs + 600_000)).toBe(false);
  });

  test('carries no secret, whatever a device said', async () => {
    await secrets.resolve('env:SMTP_PASSWORD');
    const body = JSON.stringify({ what: `it echoed ${env.SMTP_PASSWORD}` });
    expect(await courier.post(call({ body }))).toEqual({ kind: 'delivered' });
    expect(sink.calls[0]?.body).toBe('{"what":"it echoed <secret>"}');
    const signature = String(sink.calls[0]?.headers['nightshift-signature']);
    expect(isFromUs(signature, sink.calls[0]?.body ?? '', atMs)).toBe(true);
  });

  test('is not delivered by an error, nor by a redirect', async () => {
    sink.status = 500;
    expect(await courier.post(call())).toEqual({ kind: 'undelivered', why: 'it answered 500' });
    sink.status = 302;
    expect(await courier.post(call())).toEqual({
      kind: 'undelivered',
      why: 'it answered 302: redirects are not followed',
    });
    expect(sink.calls).toHaveLength(2);
  });

  test('goes nowhere but loopback while a lab is up', async () => {
    const admit = (host: string) => {
      if (!host.startsWith('127.')) throw new Error(`${host} is no loopback address`);
    };
    const inLab = createNoticeCourier({ secrets, env: {}, admit });
    expect(await inLab.post(call())).toEqual({ kind: 'delivered' });
    expect(await inLab.post(call({ url: 'https://192.0.2.1/' }))).toEqual({
      kind: 'undelivered',
      why: '192.0.2.1 is no loopback address',
    });
    const errand = { command: 'true', delivery: 'd', body: '' };
    expect((await inLab.run(errand)).kind).toBe('undelivered');
  });
});

test('a command gets the body on its standard input, and its failure is told without its words', async () => {
  const script = join(folder, 'hook.sh');
  writeFileSync(script, `#!/bin/sh\ncat > ${folder}/got; echo secret-word >&2; exit "$1"\n`);
  chmodSync(script, 0o700);
  const errand = { delivery: 'm/mon/mute/1', body: '{"action":"mute"}' };
  expect(await courier.run({ ...errand, command: `${script} 0` })).toEqual({ kind: 'delivered' });
  expect(readFileSync(join(folder, 'got'), 'utf8')).toBe('{"action":"mute"}');
  expect(await courier.run({ ...errand, command: `${script} 3` })).toEqual({
    kind: 'undelivered',
    why: `${script}: it failed (3)`,
  });
});
