import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOpenSsh, testOpenSsh } from '../foreign.js';
import { createSecrets } from '../../src/adapters/secrets.js';
import { createSigner } from '../../src/adapters/signer.js';
import { newKey } from './ssh-server.js';
import { waitForSocket } from './wait.js';

const secrets = createSecrets({ env: { PASS: 'correct horse', OTHER: 'battery' } });
const signer = createSigner(secrets);
const cleanUps: (() => unknown)[] = [];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ns-'));
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  rmSync(directory, { recursive: true, force: true });
});

describe('a key file', () => {
  test('signs what its public line verifies, and nothing else', async () => {
    const path = join(directory, 'keys', 'anna.pem');
    const line = await signer.generate(path, 'env:PASS', 'anna@example');
    expect(line).toMatch(/^ssh-ed25519 AAAA\S+ anna@example$/);
    const key = { kind: 'file', path, passphrase: 'env:PASS' } as const;
    const signature = await signer.sign(key, 'plan Zürich');
    expect(signer.verify(line, 'plan Zürich', signature)).toBe(true);
    expect(signer.verify(line, 'plan Genf', signature)).toBe(false);
    const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(signer.verify(line, 'plan Zürich', other)).toBe(false);
    expect(`${await signer.publicKeyOf(key)} anna@example`).toBe(line);
  });

  test('is encrypted, for its owner only, and never overwritten', async () => {
    const path = join(directory, 'anna.pem');
    await signer.generate(path, 'env:PASS', 'anna');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const pem = readFileSync(path, 'utf8');
    expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    await expect(signer.generate(path, 'env:PASS', 'anna')).rejects.toMatchObject({
      code: 'key-unusable',
    });
    expect(readFileSync(path, 'utf8')).toBe(pem);
  });

  test('is refused when missing, open to others, or with another passphrase', async () => {
    const path = join(directory, 'anna.pem');
    const sign = (passphrase: string) => signer.sign({ kind: 'file', path, passphrase }, 'x');
    await expect(sign('env:PASS')).rejects.toMatchObject({ code: 'key-unusable' });
    await signer.generate(path, 'env:PASS', 'anna');
    await expect(sign('env:OTHER')).rejects.toMatchObject({ code: 'key-unusable' });
    chmodSync(path, 0o640);
    await expect(sign('env:PASS')).rejects.toThrow('0600');
  });

  testOpenSsh('has a public line that ssh-keygen reads', async () => {
    const line = await signer.generate(join(directory, 'anna.pem'), 'env:PASS', 'anna');
    const out = execFileSync('ssh-keygen', ['-lf', '-'], { input: line }).toString();
    expect(out).toMatch(/^256 SHA256:.* anna \(ED25519\)/);
  });
});

test.each(['', 'ssh-rsa AAAA', 'ssh-ed25519', 'ssh-ed25519 AAAA', 'ssh-ed25519 !!!!'])(
  'verifies nothing with the public line %j',
  (line) => {
    expect(signer.verify(line, 'x', Buffer.alloc(64).toString('base64'))).toBe(false);
  },
);

describeOpenSsh('an ssh-agent', () => {
  test('signs with a key that it holds, and not with another', async () => {
    const socket = join(directory, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    cleanUps.push(() => agent.kill());
    await waitForSocket(socket);
    const keys = newKey();
    const keyFile = join(directory, 'key');
    writeFileSync(keyFile, keys.private, { mode: 0o600 });
    execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    const held = { kind: 'agent', socket, publicKey: keys.public } as const;
    const signature = await signer.sign(held, 'plan');
    expect(signer.verify(keys.public, 'plan', signature)).toBe(true);
    expect(Buffer.from(signature, 'base64')).toHaveLength(64);
    const other = { ...held, publicKey: newKey().public };
    await expect(signer.sign(other, 'plan')).rejects.toMatchObject({ code: 'key-unusable' });
  });

  test('that is not there is a fault', async () => {
    const key = {
      kind: 'agent',
      socket: join(directory, 'no'),
      publicKey: newKey().public,
    } as const;
    await expect(signer.sign(key, 'plan')).rejects.toMatchObject({ code: 'key-unusable' });
  });
});
