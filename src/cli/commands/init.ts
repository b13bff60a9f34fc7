import { basename } from 'node:path';
import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import { suggest } from '../../kernel/suggest.js';
import type { App } from '../../app.js';
import { platformMeant, readHostList } from '../../inventory/host-list.js';
import { wholeNumber, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { StartHost } from '../lab-commands.js';

interface InitOptions {
  readonly from?: string;
  readonly devices?: string;
  readonly platform?: string;
}

const LIST_BYTES_MAX = 16_000_000;
const DEVICES_MAX = 200;
const EXAMPLE_DEVICES = 3;

function platformOf(word: string, known: readonly string[]): string {
  const meant = platformMeant(word, known);
  if (meant !== undefined) return meant;
  const near = suggest(word, known);
  const mend = near ? `did you mean ${near}?` : `one of ${known.join(', ')}`;
  throw new Fault('usage', `--platform ${word}: there is no such platform`, { mend });
}

/** Devices with addresses that are kept for examples (RFC 5737). */
function exampleHosts(count: number, platforms: readonly string[]): readonly StartHost[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `device-${index + 1}`,
    host: `192.0.2.${index + 1}`,
    platform: platforms[index % platforms.length],
    site: undefined,
    groups: [],
    port: undefined,
  }));
}

async function listedHosts(
  app: App,
  file: string,
  platforms: { readonly known: readonly string[]; readonly given: string | undefined },
): Promise<readonly StartHost[]> {
  const text = await app.world.files.readText(file, LIST_BYTES_MAX);
  if (text === undefined) throw new Fault('usage', `--from ${file}: there is no such file`);
  return readHostList(text, basename(file)).map(({ platform, ...host }) => ({
    ...host,
    platform: platform === undefined ? platforms.given : platformMeant(platform, platforms.known),
  }));
}

async function init(desk: Desk, directory: string, options: InitOptions): Promise<void> {
  const { from, devices } = options;
  if (from !== undefined && devices !== undefined) {
    throw new Fault('usage', '--from and --devices: one of the two', {
      mend: '--from FILE takes your devices, --devices N makes examples',
    });
  }
  const app = await desk.app('read');
  const known = [...(await app.drivers()).keys()].sort();
  const given = options.platform === undefined ? undefined : platformOf(options.platform, known);
  const count = wholeNumber(devices ?? String(EXAMPLE_DEVICES), '--devices', DEVICES_MAX);
  const hosts =
    from === undefined
      ? exampleHosts(count, given === undefined ? known : [given])
      : await listedHosts(app, from, { known, given });
  const lab = await desk.lab(app, new AbortController().signal);
  const next = await lab.begin(directory, hosts);
  desk.out.say(`${hosts.length} devices are in ${directory}/inventory`);
  const unknown = hosts.filter((each) => each.platform === undefined);
  if (unknown.length > 0) {
    const names = unknown.slice(0, 5).map((each) => each.name);
    const more = unknown.length > names.length ? ', ...' : '';
    desk.out.say(
      `the platform of ${unknown.length} is not known (${names.join(', ')}${more}): write it into ` +
        `devices.yaml; one of ${known.join(', ')}`,
    );
  }
  desk.out.lines(next);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('init')
    .description('make a folder for your own devices that works at once with the lab')
    .argument('[directory]', 'new or empty', '.')
    .option(
      '--from <file>',
      'your devices: CSV, Ansible INI or YAML, Nornir hosts.yaml, plain list',
    )
    .option('--devices <n>', 'or so many examples (3)')
    .option('--platform <name>', 'of the devices that name none')
    .action((directory: string, options: InitOptions, command: Command) =>
      invocation.act(command, (desk) => init(desk, directory, options)),
    );
}
