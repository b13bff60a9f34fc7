import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
} from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { Fault } from '../../src/kernel/fault.js';
import { keepFile } from './wire-folder.js';

export interface HostKey {
  readonly privatePem: string;
  /** `SHA256:<base64>`, as an SSH client shows it. */
  readonly fingerprint: string;
}

const TYPE = 'ssh-ed25519';
const SEED_BYTES = 32;
/** PKCS #8 before the 32 bytes of an Ed25519 seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const BLOCK_BYTES = 8;

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([word(bytes.length), bytes]);
}

/** An Ed25519 seed in the format of OpenSSH (PROTOCOL.key), unencrypted. */
function openSshPem(seed: Buffer): string {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicBytes = createPublicKey(key)
    .export({ format: 'der', type: 'spki' })
    .subarray(-SEED_BYTES);
  const publicBlob = Buffer.concat([field(TYPE), field(publicBytes)]);
  const check = seed.subarray(0, 4);
  const bare = Buffer.concat([
    check,
    check,
    publicBlob,
    field(Buffer.concat([seed, publicBytes])),
    field('nightshift lab'),
  ]);
  const padBytes = (BLOCK_BYTES - (bare.length % BLOCK_BYTES)) % BLOCK_BYTES;
  const padding = Buffer.from(Array.from({ length: padBytes }, (_, index) => index + 1));
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    word(1),
    field(publicBlob),
    field(Buffer.concat([bare, padding])),
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function hostKeyOf(privatePem: string): HostKey {
  const parsed = ssh2.utils.parseKey(privatePem);
  if (parsed instanceof Error) {
    throw new Fault('lab-fault', `a host key of the lab cannot be read: ${parsed.message}`, {
      mend: 'Remove host-key-secret and the folder host-keys from the lab folder; new keys are made.',
    });
  }
  const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64');
  return { privatePem, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` };
}

function newRsaPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
}

/** The host keys of one lab folder. A lab that starts again in the same folder shows the same keys. */
export class HostKeys {
  private readonly folder: string;
  private readonly secret: string;
  private readonly known = new Map<string, HostKey>();

  constructor(folder: string, newSecret: () => string) {
    this.folder = folder;
    this.secret = keepFile(join(folder, 'host-key-secret'), newSecret);
  }

  /** The key that belongs to a seed: Ed25519, or RSA for a device that knows nothing newer. */
  of(seed: string, kind: 'ed25519' | 'rsa'): HostKey {
    const name = `${kind} ${seed}`;
    const known = this.known.get(name);
    if (known) return known;
    const digest = createHmac('sha256', this.secret).update(name, 'utf8').digest();
    const made = hostKeyOf(kind === 'rsa' ? this.keptRsa(digest) : openSshPem(digest));
    this.known.set(name, made);
    return made;
  }

  private keptRsa(digest: Buffer): string {
    const folder = join(this.folder, 'host-keys');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return keepFile(join(folder, `${digest.toString('hex').slice(0, 32)}.pem`), newRsaPem);
  }
}
