import type { Command } from 'commander';
import { formatDuration } from '../../kernel/duration.js';
import { Fault } from '../../kernel/fault.js';
import { suggest } from '../../kernel/suggest.js';
import type { Inventory } from '../../inventory/inventory.js';
import type { Playbook } from '../../playbook/playbook.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { count } from '../text.js';
import { oneLine } from '../visible.js';

function checkWindow(playbook: Playbook, inventory: Inventory): void {
  const names = inventory.windows.map((each) => each.name);
  if (names.includes(playbook.window)) return;
  const near = suggest(playbook.window, names);
  throw new Fault('document-invalid', `${playbook.file}: there is no window ${playbook.window}`, {
    mend: near ? `did you mean ${near}?` : `declared: ${names.join(', ') || 'none'}`,
  });
}

function linesOf(playbook: Playbook, units: number): readonly string[] {
  const { firmware, strategy, approval, checks } = playbook;
  const soak = formatDuration(strategy.soakMs);
  const canary = strategy.canary
    ? `${strategy.canary.perModel} of each model, soak ${formatDuration(strategy.canary.soakMs)}`
    : 'none';
  return [
    `${playbook.name}: ${oneLine(playbook.summary)}`,
    `  units      ${units} (${playbook.limit})`,
    ...(firmware
      ? [
          `  firmware   ${firmware.kind === 'golden' ? 'the golden image of each' : firmware.version}`,
        ]
      : []),
    ...playbook.config.map((each) => `  config     ${oneLine(each.name)}`),
    `  window     ${playbook.window}`,
    `  canary     ${canary}`,
    `  waves      ${strategy.waves.length}, ${strategy.parallel} at a time, soak ${soak}`,
    `  stop       after ${count(strategy.stopAfterFailures, 'failure')}`,
    `  checks     ${checks.before.length} before, ${checks.after.length} after`,
    `  rollback   ${playbook.rollback}`,
    `  approval   ${count(approval.quorum, 'person').replace('persons', 'people')}, lab ${approval.lab}`,
  ];
}

async function check(desk: Desk, file: string): Promise<void> {
  const app = await desk.app('read');
  const playbook = await app.playbook(file);
  const inventory = await desk.inventory(app);
  checkWindow(playbook, inventory);
  const { limit } = desk.settings;
  const pattern = limit === '' ? playbook.limit : `${playbook.limit}:&${limit}`;
  const units = app.select(inventory, pattern);
  if (units.length === 0) {
    throw new Fault('nobody-matches', `${playbook.file}: nobody matches ${pattern}`);
  }
  const names = units.map((each) => each.id);
  desk.out.value({ ...playbook, units: names }, () => linesOf(playbook, units.length));
  desk.out.say(`${file} is sound`);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('playbook')
    .description('playbooks')
    .command('check')
    .description('read a playbook, hold it against the inventory, and list every finding')
    .argument('<file>', 'the playbook')
    .action((file: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => check(desk, file)),
    );
}
