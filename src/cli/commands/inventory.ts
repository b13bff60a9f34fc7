import type { Command } from 'commander';
import type { Unit } from '../../inventory/inventory.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { changesSince, type FactChange } from '../fact-change.js';
import { parseSince } from '../since.js';
import { showUnit } from '../unit-view.js';
import { validateInventory } from '../validation.js';

const unitColumns: readonly Column<Unit>[] = [
  { key: 'unit', value: (unit) => unit.id },
  { key: 'host', value: (unit) => unit.device.host },
  { key: 'platform', value: (unit) => unit.device.platform ?? '' },
  { key: 'site', value: (unit) => unit.device.site },
  { key: 'role', value: (unit) => unit.device.role ?? '', wide: true },
  { key: 'groups', value: (unit) => unit.device.groups },
  { key: 'criticality', value: (unit) => unit.device.criticality },
  { key: 'redundancyGroup', title: 'redundancy', value: (unit) => unit.redundancyGroup ?? '' },
  { key: 'windows', value: (unit) => unit.windows, wide: true },
  { key: 'serials', value: (unit) => unit.serials, wide: true },
  { key: 'port', value: (unit) => unit.device.ssh.port, wide: true, right: true },
  {
    key: 'declared',
    value: ({ device: { place } }) => `${place.file}:${place.line}`,
    wide: true,
  },
];

const changeColumns: readonly Column<FactChange>[] = [
  { key: 'unit', value: (each) => each.unit },
  { key: 'what', value: (each) => each.what },
  { key: 'was', value: (each) => each.was },
  { key: 'is', value: (each) => each.is },
  { key: 'seenAt', title: 'seen', value: (each) => each.seenAt, wide: true },
];

async function list(desk: Desk): Promise<void> {
  const app = await desk.app('read');
  const inventory = await desk.inventory(app);
  desk.out.list(unitColumns, desk.units(app, inventory));
}

interface DiffOptions {
  readonly since?: string;
  readonly exitCode?: boolean;
}

async function diff(desk: Desk, options: DiffOptions): Promise<number> {
  const app = await desk.app('read');
  const inventory = await desk.inventory(app);
  const units = desk.units(app, inventory).map((each) => each.id);
  const sinceMs = parseSince(options.since ?? '24h', app.world.clock.now());
  const changes = changesSince(await app.sightings(units), sinceMs);
  if (changes.length === 0) desk.out.say('nothing changed');
  if (changes.length > 0 || desk.settings.format !== 'table') desk.out.list(changeColumns, changes);
  return options.exitCode && changes.length > 0 ? exitCodes.changesPending : exitCodes.done;
}

export function define(program: Command, invocation: Invocation): void {
  const inventory = program
    .command('inventory')
    .description('list and check what is declared, and what changed on it');
  inventory
    .command('list')
    .description('list the units that are declared')
    .action((_options: unknown, command: Command) => invocation.act(command, list));
  inventory
    .command('show')
    .description('show a unit: what is declared, what was last seen, and a look that failed since')
    .argument('<unit>', 'its name')
    .action((unit: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => showUnit(desk, unit)),
    );
  inventory
    .command('validate')
    .description('read the whole folder and list every finding')
    .action((_options: unknown, command: Command) => invocation.act(command, validateInventory));
  inventory
    .command('diff')
    .description('list what fingerprints found to have changed')
    .option('--since <time>', 'a date, a time, or how long ago: 7d, 12h (default: 24h)')
    .option('--exit-code', 'exit with 2 when something changed')
    .action((options: DiffOptions, command: Command) =>
      invocation.act(command, (desk) => diff(desk, options)),
    );
}
