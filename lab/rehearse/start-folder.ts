import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import type { World } from '../../src/ports/world.js';
import { labSchema, readLabPlan, type LabPlan } from './lab-plan.js';
import {
  LAB_ENVIRONMENT,
  packageRoot,
  writeEnvironment,
  writeImages,
  writePeople,
  writeWindow,
} from './prepare.js';
import { exampleDirectory, standIn } from './stand-in.js';
import { startTexts } from './start-texts.js';
import { inventorySchemas } from '../../src/inventory/schemas/schemas.js';
import { playbookSchema } from '../../src/playbook/schema.js';

/** A device as the person or another tool's inventory gave it. */
export interface StartHost {
  readonly name: string;
  readonly host: string;
  readonly platform: string | undefined;
  readonly site: string | undefined;
  readonly groups: readonly string[];
  readonly port: number | undefined;
}

export interface StartRequest {
  readonly hosts: readonly StartHost[];
  /** Platforms whose devices fetch their images from us. */
  readonly fetching: ReadonlySet<string>;
}

const SITE = 'main';
const LAB_STATE = '.nightshift-lab';
const MADE = ['inventory', 'playbooks', 'schemas', 'images', 'keys', 'lab.env', '.gitignore'];

/** Any text as one YAML scalar on one line. */
const scalar = (text: string) =>
  /^[A-Za-z][A-Za-z0-9_-]*$/.test(text) ? text : JSON.stringify(text);

/** A name that may be one of ours. */
function wordOf(text: string): string {
  const word = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return word.slice(0, 60) || SITE;
}

const siteOf = ({ site }: StartHost) => wordOf(site ?? SITE);
const platformGroup = (platform: string) => `platform-${platform}`;

function groupsOf(host: StartHost): readonly string[] {
  const names = host.groups.map(wordOf).filter((each) => each !== 'all');
  const platform = host.platform === undefined ? [] : [platformGroup(host.platform)];
  return [...new Set([...names, ...platform])];
}

function devicesText(hosts: readonly StartHost[]): string {
  return hosts
    .map((host) => {
      const port = host.port === undefined ? '' : `, ssh: { port: ${host.port} }`;
      const groups = groupsOf(host).map(scalar).join(', ');
      const note = host.platform === undefined ? ' # its platform is not known yet' : '';
      return `${scalar(host.name)}: { host: ${scalar(host.host)}, site: ${scalar(siteOf(host))}, groups: [${groups}]${port} }${note}`;
    })
    .join('\n');
}

function groupsText(hosts: readonly StartHost[]): string {
  const platforms = [...new Set(hosts.flatMap(({ platform }) => platform ?? []))];
  const ofPlatform = platforms.map((each) => `${platformGroup(each)}: { platform: ${each} }`);
  const others = [...new Set(hosts.flatMap(groupsOf))].filter(
    (each) => !each.startsWith('platform-'),
  );
  return [...ofPlatform, ...others.map((each) => `${scalar(each)}:`)].join('\n');
}

function sitesText(hosts: readonly StartHost[], fetching: ReadonlySet<string>): string {
  const sites = [...new Set(hosts.map(siteOf))];
  return sites
    .map((site) => {
      const fetches = hosts.some(
        (each) => siteOf(each) === site && fetching.has(each.platform ?? ''),
      );
      // The lab answers on loopback; a real device needs the address that it sees.
      const server = fetches ? ', imageServer: { address: 127.0.0.1, tftpPort: 6969 }' : '';
      const note = fetches
        ? ' # in the lab; else the address of this machine as devices see it'
        : '';
      return `${scalar(site)}: { timeZone: UTC${server} }${note}`;
    })
    .join('\n');
}

function labText(hosts: readonly StartHost[], example: LabPlan): string {
  const units = hosts.flatMap((host, index) => {
    const made = standIn(example, host.platform ?? '', index);
    return made ? [[host.name, made] as const] : [];
  });
  const platforms = new Set(units.map(([, { platform }]) => platform));
  const images = example.images.filter(({ platform }) => platforms.has(platform));
  // JSON is YAML: what is made by a program needs no second writer.
  return [
    'seed: own',
    'images:',
    ...images.map((each) => `  - ${JSON.stringify(each)}`),
    `units:${units.length === 0 ? ' {}' : ''}`,
    ...units.map(([name, unit]) => `  ${JSON.stringify(name)}: ${JSON.stringify(unit)}`),
  ].join('\n');
}

/** A part of the example playbook, by the lines that begin and end it; Fault when the example changed its shape. */
function without(text: string, part: RegExp): string {
  if (!part.test(text))
    throw new Fault('lab-fault', `the example playbook no longer holds ${part.source}`);
  return text.replace(part, '');
}

function playbook(text: string, about: { name: string; summary: string }): string {
  return text
    .replace(/^name: .*$/m, `name: ${about.name}`)
    .replace(/^summary: .*$/m, `summary: ${about.summary}`)
    .replace(/^limit: .*$/m, 'limit: all')
    .replace(/^window: .*$/m, 'window: tonight # one of windows.yaml')
    .replace('soak: PT30M }', 'soak: PT2M }')
    .replace('soak: PT48H', 'soak: PT10M');
}

function writePlaybooks(directory: string): void {
  const root = join(packageRoot(), 'playbooks');
  const text = readFileSync(join(root, 'campus-firmware.yaml'), 'utf8');
  mkdirSync(join(directory, 'playbooks'), { recursive: true });
  cpSync(join(root, 'patches'), join(directory, 'playbooks', 'patches'), { recursive: true });
  const firmware = without(text, /^ {2}config:\n(?: {4}.*\n)+/m);
  const servers = without(text, /^ {2}firmware: .*\n/m);
  const write = (name: string, content: string) =>
    writeFileSync(join(directory, 'playbooks', name), content);
  write(
    'firmware.yaml',
    playbook(firmware, {
      name: 'firmware',
      summary: 'Every device to the golden firmware of its platform',
    }),
  );
  write(
    'time-servers.yaml',
    playbook(servers, { name: 'time-servers', summary: 'New time servers on every device' }),
  );
}

function writeSchemas(directory: string): void {
  mkdirSync(join(directory, 'schemas'), { recursive: true });
  const all = { ...inventorySchemas, playbook: playbookSchema, lab: labSchema };
  for (const [name, schema] of Object.entries(all)) {
    writeFileSync(
      join(directory, 'schemas', `${name}.json`),
      `${JSON.stringify(schema, null, 2)}\n`,
    );
  }
}

function writeInventory(directory: string, { hosts, fetching }: StartRequest): void {
  const folder = join(directory, 'inventory');
  mkdirSync(folder, { recursive: true });
  const made: Readonly<Record<string, string>> = {
    devices: devicesText(hosts),
    groups: groupsText(hosts),
    sites: sitesText(hosts, fetching),
    lab: labText(hosts, readLabPlan(exampleDirectory())),
  };
  for (const [name, text] of Object.entries(startTexts)) {
    const head = `# yaml-language-server: $schema=../schemas/${name}.json\n`;
    const tail = made[name] === undefined ? '' : `${made[name]}\n`;
    writeFileSync(join(folder, `${name}.yaml`), `${head}${text}${tail}`);
  }
}

/** What to type next. */
export function startLines(directory: string): readonly string[] {
  const here = relative(process.cwd(), directory) || '.';
  return [
    `cd ${here} && . ./lab.env`,
    'nightshift lab up && nightshift fingerprint --accept-new --reason "first contact, in the lab"',
    'nightshift plan playbooks/firmware.yaml --as otto --key keys/otto.pem && nightshift lab run last',
  ];
}

/**
 * Makes a folder for one's own devices: an inventory with comments, two playbooks, the schemas for an editor, and what
 * the lab needs to play these devices. Overwrites nothing: Fault `usage` when one of its files is there.
 */
export async function startFolder(
  directory: string,
  request: StartRequest,
  world: Pick<World, 'signer' | 'clock'>,
): Promise<void> {
  const there = MADE.find((each) => existsSync(join(directory, each)));
  if (there !== undefined) {
    const mend = 'nothing is overwritten: give a new folder';
    throw new Fault('usage', `${join(directory, there)} is there already`, { mend });
  }
  try {
    writeInventory(directory, request);
    writePlaybooks(directory);
    writeSchemas(directory);
    writeImages(directory);
    writeWindow(directory, world.clock.now());
    writeEnvironment(directory, {
      NIGHTSHIFT_PASSWORD: LAB_ENVIRONMENT['NIGHTSHIFT_LAB_PASSWORD'] ?? '',
      NIGHTSHIFT_STATE: `"$PWD/${LAB_STATE}"`,
    });
    // Its being there keeps whoever works in it off the real devices, even before the lab is up.
    mkdirSync(join(directory, LAB_STATE, 'lab'), { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, '.gitignore'), '.nightshift*/\nkeys/\nimages/\nlab.env\n');
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw new Fault('state-unwritable', `${directory}: ${messageOf(thrown)}`, { cause: thrown });
  }
  await writePeople(directory, world);
}
