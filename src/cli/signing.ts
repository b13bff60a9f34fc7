import { Option, type Command } from 'commander';
import { Fault } from '../kernel/fault.js';
import { personId, type PersonId } from '../kernel/id.js';
import type { KeyRef } from '../ports/signer.js';
import type { Inventory } from '../inventory/inventory.js';
import { required, type Desk } from './desk.js';

export const PASSPHRASE_DEFAULT = 'env:NIGHTSHIFT_KEY_PASSPHRASE';

export interface SigningOptions {
  readonly as?: string;
  readonly key?: string;
  readonly agent?: boolean;
  readonly passphrase?: string;
}

/** `--as`, `--key`, `--agent`, `--passphrase`. */
export function addSigningOptions(command: Command): Command {
  return command
    .option('--as <person>', 'who you are, by your id in people (or NIGHTSHIFT_PERSON)')
    .option('--key <file>', 'your private key (or NIGHTSHIFT_KEY)')
    .option('--agent', 'sign with the key in your ssh-agent')
    .addOption(passphraseOption());
}

export function passphraseOption(): Option {
  return new Option(
    '--passphrase <ref>',
    `where the passphrase is (default: ${PASSPHRASE_DEFAULT})`,
  );
}

/** The person of --as or NIGHTSHIFT_PERSON. Fault `usage`. */
export function personOf(desk: Desk, options: SigningOptions): PersonId {
  const named = options.as ?? desk.parts.env['NIGHTSHIFT_PERSON'];
  return personId(required(named, '--as PERSON', 'your id in people of the inventory'));
}

/** The reference to a passphrase: as named, from the environment, or typed. Fault `usage`. */
export async function passphraseRef(
  desk: Desk,
  named: string | undefined,
  question: string,
): Promise<string> {
  if (named !== undefined) return named;
  if (desk.parts.env['NIGHTSHIFT_KEY_PASSPHRASE'] !== undefined) return PASSPHRASE_DEFAULT;
  const { console } = desk.parts;
  if (!console.canAsk) return PASSPHRASE_DEFAULT;
  const typed = await console.askSecret(question);
  if (typed === undefined) throw new Fault('usage', 'no passphrase was given');
  return desk.parts.keepSecret(typed);
}

/** The key to sign with; undefined when none was named. */
export async function keyOf(
  desk: Desk,
  options: SigningOptions,
  about: { readonly inventory: Inventory; readonly person: PersonId },
): Promise<KeyRef | undefined> {
  const { env } = desk.parts;
  if (options.agent) return agentKey(env['SSH_AUTH_SOCK'], about.inventory, about.person);
  const path = options.key ?? env['NIGHTSHIFT_KEY'];
  if (path === undefined) return undefined;
  const passphrase = await passphraseRef(desk, options.passphrase, `Passphrase of ${path}: `);
  return { kind: 'file', path, passphrase };
}

function agentKey(socket: string | undefined, inventory: Inventory, person: PersonId): KeyRef {
  if (!socket) {
    throw new Fault('key-unusable', 'there is no ssh-agent', {
      mend: 'start one and add the key, or use --key FILE',
    });
  }
  const publicKey = inventory.people.find((each) => each.id === person)?.publicKey;
  if (publicKey === undefined) {
    throw new Fault('key-unusable', `people lists no public key for ${person}`);
  }
  return { kind: 'agent', socket, publicKey };
}
