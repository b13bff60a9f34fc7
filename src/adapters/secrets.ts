import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { Fault, messageOf } from '../kernel/fault.js';
import type { Secrets } from '../ports/secrets.js';

const SECRET_BYTES_MAX = 64 * 1024;
const COMMAND_MS_MAX = 15_000;
/** Shorter values would blank ordinary text everywhere. */
const REDACTED_LENGTH_MIN = 3;

export interface SecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
}

function unavailable(reference: string, why: string): Fault {
  return new Fault('secret-unavailable', `${reference}: ${why}`);
}

async function fromFile(reference: string, path: string): Promise<string> {
  const handle = await open(path, 'r').catch((thrown: unknown) => {
    throw unavailable(reference, messageOf(thrown));
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw unavailable(reference, 'is not a file');
    if ((info.mode & 0o077) !== 0)
      throw unavailable(reference, 'the file is open to group or others; it must have mode 0600');
    if (info.size > SECRET_BYTES_MAX) throw unavailable(reference, 'the file is too large');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function fromCommand(
  reference: string,
  command: string,
  env: SecretsOptions['env'],
): Promise<string> {
  const [program, ...args] = command.split(/\s+/).filter((word) => word !== '');
  if (program === undefined) throw unavailable(reference, 'names no command');
  const limits = { timeout: COMMAND_MS_MAX, maxBuffer: SECRET_BYTES_MAX };
  return new Promise((resolve, reject) => {
    // What the command writes is never quoted: it may hold the secret.
    execFile(program, args, { ...limits, killSignal: 'SIGKILL', env: { ...env } }, (error, out) => {
      if (!error) return resolve(out);
      const why = error.killed ? 'ran into the time or size limit' : `failed (${error.code ?? ''})`;
      return reject(unavailable(reference, `the command ${why}`));
    }).stdin?.end();
  });
}

function fromEnv(reference: string, name: string, env: SecretsOptions['env']): string {
  const value = env[name];
  if (value === undefined) throw unavailable(reference, 'the variable is not set');
  return value;
}

async function fetchSecret(reference: string, env: SecretsOptions['env']): Promise<string> {
  const colon = reference.indexOf(':');
  const scheme = colon < 0 ? reference : reference.slice(0, colon);
  const rest = colon < 0 ? '' : reference.slice(colon + 1);
  switch (scheme) {
    case 'env':
      return fromEnv(reference, rest, env);
    case 'file':
      return (await fromFile(reference, rest)).replace(/\r?\n$/, '');
    case 'exec':
      return (await fromCommand(reference, rest, env)).replace(/\r?\n$/, '');
    default:
      // The reference itself is not quoted: a person may have written the secret in its place.
      throw new Fault('secret-unavailable', 'a reference begins with env:, file: or exec:', {
        mend: 'Write the place of the secret, never the secret itself.',
      });
  }
}

/**
 * Secrets from the environment, files that only their owner can read, and commands run without a shell. `agent` gives
 * the socket of the ssh-agent, which is no secret. Values of fewer than three characters are not blanked.
 */
export function createSecrets(options: SecretsOptions): Secrets {
  const handedOut = new Set<string>();
  const remember = (value: string) => {
    if (value.length < REDACTED_LENGTH_MIN) return;
    handedOut.add(value);
    handedOut.add(JSON.stringify(value).slice(1, -1));
  };
  return {
    async resolve(reference) {
      if (reference === 'agent') return fromEnv('agent', 'SSH_AUTH_SOCK', options.env);
      const value = await fetchSecret(reference, options.env);
      if (value === '') throw unavailable(reference, 'the value is empty');
      remember(value);
      return value;
    },
    redact(text) {
      const longestFirst = [...handedOut].toSorted((a, b) => b.length - a.length);
      return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '<secret>'), text);
    },
  };
}
