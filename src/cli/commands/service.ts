import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { Fault, messageOf } from '../../kernel/fault.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { unitFiles, type ServicePlace, type UnitFile } from '../systemd-unit.js';

interface ServiceOptions {
  readonly system?: boolean;
  readonly user?: boolean;
  readonly runAs?: string;
}

async function filesOf(desk: Desk, options: ServiceOptions): Promise<readonly UnitFile[]> {
  const app = await desk.app('read');
  const inventory = resolve(await desk.inventoryDirectory(app));
  // What is installed must be able to work: a folder that is none is found now.
  await app.inventory(inventory);
  const login = options.runAs ?? desk.parts.user;
  const place: ServicePlace = {
    program: desk.parts.program,
    inventory,
    state: resolve(desk.settings.state),
    scope: options.system === true ? 'system' : 'user',
    runAs: login === 'root' ? undefined : login,
  };
  return unitFiles(place);
}

async function print(desk: Desk, options: ServiceOptions): Promise<void> {
  for (const { name, text } of await filesOf(desk, options)) desk.out.text(`# ${name}\n${text}\n`);
}

async function install(desk: Desk, options: ServiceOptions): Promise<void> {
  const isSystem = options.system === true;
  const config = desk.parts.env['XDG_CONFIG_HOME'] || join(desk.parts.home, '.config');
  const folder = isSystem ? '/etc/systemd/system' : join(config, 'systemd', 'user');
  const files = await filesOf(desk, options);
  const app = await desk.app('read');
  for (const { name, text } of files) {
    try {
      await app.world.files.writeText(join(folder, name), text, 0o644);
    } catch (thrown) {
      throw new Fault('service-unusable', messageOf(thrown), { cause: thrown });
    }
    desk.out.say(`wrote ${join(folder, name)}`);
  }
  const systemctl = isSystem ? 'systemctl' : 'systemctl --user';
  const lines = [
    `${systemctl} daemon-reload`,
    ...(isSystem ? [] : ['loginctl enable-linger   # or it ends with your last session']),
    `${systemctl} enable --now nightshift-notices`,
    `${systemctl} start nightshift@PLAN   # the digest, or its beginning`,
  ];
  desk.out.lines(lines);
}

function scoped(command: Command): Command {
  return command
    .addOption(new Option('--user', 'units of your own (default)').conflicts('system'))
    .option('--system', 'units of the machine')
    .option('--run-as <login>', 'with --system: who they work as; default: you');
}

export function define(program: Command, invocation: Invocation): void {
  const service = program
    .command('service')
    .description('systemd units: a run that survives crash and reboot, and its notices');
  scoped(service.command('print'))
    .description('the units, with the paths of this inventory and state directory')
    .action((options: ServiceOptions, command: Command) =>
      invocation.act(command, (desk) => print(desk, options)),
    );
  scoped(service.command('install'))
    .description('write the units where systemd looks for them, and say what to type next')
    .action((options: ServiceOptions, command: Command) =>
      invocation.act(command, (desk) => install(desk, options)),
    );
}
