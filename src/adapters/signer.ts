import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  verify as verifyBytes,
  type KeyObject,
} from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import ssh2 from 'ssh2';
import { Fault, messageOf } from '../kernel/fault.js';
import type { Secrets } from '../ports/secrets.js';
import type { KeyRef, Signer } from '../ports/signer.js';
import { makeFolder } from './folder.js';

const ALGORITHM = 'ssh-ed25519';
const KEY_BYTES = 32;
const KEY_FILE_BYTES_MAX = 16 * 1024;
/** DER of SubjectPublicKeyInfo for Ed25519 up to the 32 key bytes (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const AGENT_MS_MAX = 30_000;

function unusable(message: string, cause?: unknown): Fault {
  return new Fault('key-unusable', message, cause === undefined ? {} : { cause });
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The OpenSSH line of a public key; a comment is put into one word-safe line. */
export function encodePublicKey(key: KeyObject, comment: string): string {
  const raw = key.export({ format: 'der', type: 'spki' }).subarray(SPKI_HEAD.length);
  const blob = Buffer.concat([field(Buffer.from(ALGORITHM)), field(raw)]);
  return `${ALGORITHM} ${blob.toString('base64')} ${comment.replace(/\s+/g, ' ')}`.trim();
}

/** The key of an OpenSSH line; undefined for anything but a well-formed Ed25519 line. */
export function decodePublicKey(line: string): KeyObject | undefined {
  const [algorithm, base64] = line.trim().split(/\s+/);
  if (algorithm !== ALGORITHM || base64 === undefined) return undefined;
  const blob = Buffer.from(base64, 'base64');
  const head = Buffer.concat([field(Buffer.from(ALGORITHM)), Buffer.from([0, 0, 0, KEY_BYTES])]);
  const fits =
    blob.length === head.length + KEY_BYTES && blob.subarray(0, head.length).equals(head);
  if (!fits || blob.toString('base64') !== base64) return undefined;
  const der = Buffer.concat([SPKI_HEAD, blob.subarray(head.length)]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

async function readKeyFile(path: string): Promise<string> {
  const handle = await open(path, 'r').catch((thrown: unknown) => {
    throw unusable(messageOf(thrown), thrown);
  });
  try {
    const info = await handle.stat();
    if ((info.mode & 0o077) !== 0)
      throw unusable(`${path} is open to group or others; it must have mode 0600`);
    if (!info.isFile() || info.size > KEY_FILE_BYTES_MAX) throw unusable(`${path} is no key file`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function privateKey(path: string, passphrase: string): Promise<KeyObject> {
  const pem = await readKeyFile(path);
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY'))
    throw unusable(`${path} is not a passphrase-encrypted PKCS #8 key`);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, passphrase });
  } catch (thrown) {
    throw unusable(`${path} cannot be opened with this passphrase`, thrown);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw unusable(`${path} is not an Ed25519 key`);
  return key;
}

/** The agent answers with the bare signature or with the SSH form around it. */
function bareSignature(signature: Buffer): Buffer {
  return signature.length > 64 ? signature.subarray(signature.length - 64) : signature;
}

function signWithAgent(socket: string, publicKey: string, text: string): Promise<string> {
  const key = decodePublicKey(publicKey);
  const parsed = ssh2.utils.parseKey(publicKey);
  if (!key || parsed instanceof Error) throw unusable('the public key is not an Ed25519 line');
  const data = Buffer.from(text, 'utf8');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(unusable('the ssh-agent does not answer'));
    }, AGENT_MS_MAX);
    const ended = (error: Error | null | undefined, signature?: Buffer) => {
      clearTimeout(timer);
      if (error || !signature) {
        reject(unusable(`the ssh-agent does not sign: ${messageOf(error)}`, error));
        return;
      }
      const bare = bareSignature(signature);
      if (verifyBytes(null, data, key, bare)) resolve(bare.toString('base64'));
      else reject(unusable('the ssh-agent gave a wrong signature'));
    };
    ssh2.createAgent(socket).sign(parsed, data, {}, ended);
  });
}

async function generate(path: string, passphrase: string, comment: string): Promise<string> {
  const pair = generateKeyPairSync('ed25519');
  const cipher = 'aes-256-cbc';
  const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8', cipher, passphrase });
  try {
    makeFolder(dirname(path), 0o700);
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(pem);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw unusable(`${path} cannot be written: ${messageOf(thrown)}`, thrown);
  }
  return encodePublicKey(pair.publicKey, comment);
}

/**
 * Ed25519 over node:crypto. Passphrases are secret references, in `KeyRef` as in `generate`. An existing key file is
 * never overwritten. A file key has no comment, so `publicKeyOf` gives the line without one.
 */
export function createSigner(secrets: Secrets): Signer {
  return {
    async sign(key, text) {
      if (key.kind === 'agent') return signWithAgent(key.socket, key.publicKey, text);
      const secret = await privateKey(key.path, await secrets.resolve(key.passphrase));
      return signBytes(null, Buffer.from(text, 'utf8'), secret).toString('base64');
    },
    async publicKeyOf(key: KeyRef) {
      if (key.kind === 'agent') return key.publicKey;
      const secret = await privateKey(key.path, await secrets.resolve(key.passphrase));
      return encodePublicKey(createPublicKey(secret), '');
    },
    verify(publicKey, text, signature) {
      const key = decodePublicKey(publicKey);
      const bytes = Buffer.from(signature, 'base64');
      if (!key || bytes.length !== 64) return false;
      return verifyBytes(null, Buffer.from(text, 'utf8'), key, bytes);
    },
    async generate(path, passphrase, comment) {
      return generate(path, await secrets.resolve(passphrase), comment);
    },
  };
}
