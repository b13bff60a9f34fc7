import { Fault } from '../kernel/fault.js';
import type { DialFailure } from '../ports/dialer.js';

/** Whom a dial was for. */
export interface Dialled {
  readonly device: string;
  /** Are there keys that people accepted for the machine where the dial ended? */
  readonly hasKeys: boolean;
}

function algorithmFault(
  failure: Extract<DialFailure, { kind: 'no-common-algorithm' }>,
  where: string,
): Fault {
  const entry = failure.hop === undefined ? 'the device or its group' : failure.hop;
  const mend = failure.legacyHelps
    ? `set \`ssh: { algorithms: legacy }\` on ${entry} if you accept the risk`
    : 'neither profile has any of these: renew the SSH settings of the machine';
  const key = failure.legacyHelps ? ' (`ssh.algorithms: legacy` takes it)' : '';
  return new Fault('no-common-algorithm', `${where}: ${failure.detail}${key}`, { mend });
}

/** Behind a jump host that does not answer nothing is known of the device: it is not lost by that. */
function silenceOf(hop: string | undefined): 'unreachable' | 'jump-host-unreachable' {
  return hop === undefined ? 'unreachable' : 'jump-host-unreachable';
}

function keyFault(message: string, name: string, hasKeys: boolean): Fault {
  const mend = `compare it on the console, then: nightshift trust ${name} --fingerprint SHA256:... --reason "..."`;
  return new Fault(hasKeys ? 'host-key-changed' : 'host-key-unknown', message, { mend });
}

/** A dial that came to nothing, as a Fault that says at which machine it ended and what to do. */
export function dialFault(failure: DialFailure, { device, hasKeys }: Dialled): Fault {
  const { hop } = failure;
  const where = hop === undefined ? device : `${device}: jump host ${hop}`;
  const name = hop ?? device;
  switch (failure.kind) {
    case 'unreachable':
    case 'timeout':
      return new Fault(silenceOf(hop), `${where}: ${failure.detail}`, { retry: 'safe' });
    case 'auth-refused':
      return new Fault('auth-refused', `${where}: ${failure.detail}`);
    case 'unknown-question':
      return new Fault('login-question', `${where} asks: ${failure.question}`, {
        mend: `give Nightshift an account on ${name} that needs no more than a password or key`,
      });
    case 'host-key-refused':
      return keyFault(`${where} answers with host key ${failure.fingerprint}`, name, hasKeys);
    case 'no-common-algorithm':
      return algorithmFault(failure, where);
    case 'protocol-error':
      return new Fault('no-prompt', `${where} does not speak SSH: ${failure.detail}`);
  }
}
