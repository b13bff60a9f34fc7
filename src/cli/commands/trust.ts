import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import type { Inventory } from '../../inventory/inventory.js';
import { required, unitNamed, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';

interface TrustOptions {
  readonly fingerprint?: string;
  readonly reason?: string;
  readonly keepOld?: boolean;
}

const FORM = /^SHA256:[A-Za-z0-9+/]{43}=?$/;

function isJumpHost({ jumpHosts = [] }: Inventory, name: string): boolean {
  return jumpHosts.some((each) => each.name === name);
}

async function trust(desk: Desk, name: string, options: TrustOptions): Promise<void> {
  const typed = required(options.fingerprint, '--fingerprint', 'SHA256:... as the device shows it');
  if (!FORM.test(typed)) {
    throw new Fault('usage', '--fingerprint is SHA256: and 43 characters of base64');
  }
  const reason = required(options.reason, '--reason', 'why this key is right');
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const unit = isJumpHost(inventory, name) ? undefined : unitNamed(inventory, name);
  const pinned = await app.world.store.latest('host-key', unit?.id ?? `jump/${name}`);
  if (pinned && !desk.settings.yes && desk.parts.console.canAsk) {
    const question = `${name} has another accepted key. Accept this one? [y/N] `;
    if (!(await desk.parts.console.askYes(question))) {
      return desk.out.say('nothing was changed');
    }
  }
  const fingerprint = typed.replace(/=$/, '');
  const keepOld = options.keepOld === true;
  const pin = { fingerprint, reason, by: desk.parts.user, keepOld };
  await (unit ? app.trust(unit, pin) : app.trustJumpHost(name, pin));
  desk.out.say(`${name}: ${fingerprint} is accepted`);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('trust')
    .description(
      'accept the SSH host key of a unit or jump host, after comparing it with the console',
    )
    .argument('<unit>', 'the unit or jump host')
    .option('--fingerprint <sha256>', 'SHA256:... of the key')
    .option('--reason <text>', 'why, for the record')
    .option('--keep-old', 'keep the earlier keys too: members with keys of their own')
    .action((unit: string, options: TrustOptions, command: Command) =>
      invocation.act(command, (desk) => trust(desk, unit, options)),
    );
}
