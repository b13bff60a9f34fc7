import { Fault } from '../kernel/fault.js';
import type { AuthMethod } from '../ports/dialer.js';
import type { Secrets } from '../ports/secrets.js';
import type { SshAccess } from '../inventory/inventory.js';

/** The ways to log in, in the order in which they are tried. Fault `secret-unavailable` when there is none. */
export async function authMethods(
  ssh: SshAccess,
  secrets: Pick<Secrets, 'resolve'>,
  name: string,
): Promise<readonly AuthMethod[]> {
  const methods: AuthMethod[] = [];
  if (ssh.agent) {
    methods.push({ kind: 'agent', socket: await secrets.resolve('env:SSH_AUTH_SOCK') });
  }
  if (ssh.key !== undefined) {
    const privateKey = await secrets.resolve(ssh.key);
    const passphrase = ssh.keyPassphrase && (await secrets.resolve(ssh.keyPassphrase));
    methods.push({ kind: 'key', privateKey, ...(passphrase ? { passphrase } : {}) });
  }
  if (ssh.password !== undefined) {
    methods.push({ kind: 'password', password: await secrets.resolve(ssh.password) });
  }
  if (methods.length > 0) return methods;
  throw new Fault('secret-unavailable', `${name} has no way to log in`, {
    mend: 'give ssh.password, ssh.key or ssh.agent in the inventory',
  });
}

/** Old algorithms are offered only where the inventory asks for them, or asks to follow the platform. */
export function algorithmsOf(
  ssh: SshAccess,
  platformNeeds: 'modern' | 'legacy',
): 'modern' | 'legacy' {
  return ssh.algorithms === 'platform' ? platformNeeds : (ssh.algorithms ?? 'modern');
}
