import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import type { World } from '../../src/ports/world.js';
import { labImages, readLabPlan, type PlannedImageFile } from './lab-plan.js';

/** The values that the example inventory's references stand for in the lab. */
export const LAB_ENVIRONMENT: Readonly<Record<string, string>> = {
  NIGHTSHIFT_LAB_PASSWORD: 'lab-only-password',
  NIGHTSHIFT_LAB_COMMUNITY: 'lab-only-community',
  NIGHTSHIFT_LAB_SNMP_AUTH: 'lab-only-auth-key',
  NIGHTSHIFT_LAB_SNMP_PRIV: 'lab-only-priv-key',
  NIGHTSHIFT_KEY_PASSPHRASE: 'lab-only-passphrase',
};

interface LabPerson {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly mayApprove: boolean;
}

const PEOPLE: readonly LabPerson[] = [
  { id: 'otto', name: 'Otto Brandt', role: 'engineer', mayApprove: false },
  { id: 'anna', name: 'Anna Visser', role: 'supervisor', mayApprove: true },
  { id: 'bea', name: 'Bea Okafor', role: 'vice-president', mayApprove: true },
];

const HOUR_MS = 3_600_000;
/** Where the example's devices are. */
const EXAMPLE_NETWORK = '127.20.1';
const CHUNK_BYTES = 65_536;

/** The package's own folder, from the sources as from the built program. */
export function packageRoot(): string {
  let folder = fileURLToPath(new URL('.', import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = resolve(folder, '..');
  return folder;
}

/** Content that looks like no other file's: a stream of hashes over the name. */
function imageBytes(image: PlannedImageFile): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < image.sizeBytes; at += CHUNK_BYTES) {
    const seed = createHash('sha512').update(`${image.fileName} ${at}`).digest();
    blocks.push(Buffer.alloc(Math.min(CHUNK_BYTES, image.sizeBytes - at), seed));
  }
  return Buffer.concat(blocks);
}

export function writeImages(directory: string): void {
  const images = labImages(join(directory, 'inventory'));
  const folder = join(directory, 'images');
  mkdirSync(folder, { recursive: true });
  const entries = images.map((image) => {
    const bytes = imageBytes(image);
    writeFileSync(join(folder, image.fileName), bytes);
    const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
    return [
      `${image.platform}-${image.version}:`,
      `  platform: ${image.platform}`,
      `  version: "${image.version}"`,
      `  path: ../images/${image.fileName}`,
      `  sizeBytes: ${bytes.length}`,
      `  sha512: ${hash('sha512')}`,
      `  md5: ${hash('md5')}`,
      '  golden: true',
    ].join('\n');
  });
  const text = `# Made for this lab: stand-ins of a few megabytes with their true hashes.\n${entries.join('\n')}\n`;
  writeFileSync(join(directory, 'inventory', 'images.yaml'), text);
}

export async function writePeople(directory: string, world: Pick<World, 'signer'>): Promise<void> {
  const folder = join(directory, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const entries: string[] = [];
  const passphraseFile = join(folder, 'passphrase');
  const passphrase = LAB_ENVIRONMENT['NIGHTSHIFT_KEY_PASSPHRASE'] ?? '';
  writeFileSync(passphraseFile, passphrase, { mode: 0o600 });
  for (const person of PEOPLE) {
    const path = join(folder, `${person.id}.pem`);
    const line = await world.signer.generate(path, `file:${passphraseFile}`, person.id);
    entries.push(
      [
        `${person.id}:`,
        `  name: ${person.name}`,
        `  role: ${person.role}`,
        `  mayApprove: ${person.mayApprove}`,
        `  publicKey: ${line.trim()}`,
      ].join('\n'),
    );
  }
  writeFileSync(join(directory, 'inventory', 'people.yaml'), `${entries.join('\n')}\n`);
}

/** A window that is open now and long enough for a lab whose clock runs fast. */
export function writeWindow(directory: string, nowMs: number): void {
  const path = join(directory, 'inventory', 'windows.yaml');
  const text = existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : '';
  const iso = (atMs: number) => new Date(atMs).toISOString().slice(0, 19);
  const tonight = [
    'tonight: # open now; the clock of the lab runs fast, so it is long',
    `  start: ${iso(nowMs - HOUR_MS)}Z`,
    `  end: ${iso(nowMs + 72 * HOUR_MS)}Z`,
  ].join('\n');
  writeFileSync(path, `${text}\n${tonight}\n`);
}

/** Replaces what the example says by what suits tonight. Fault `lab-fault` when the example no longer says it. */
function rewrite(path: string, changes: readonly (readonly [string, string])[]): void {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Fault('lab-fault', `${path} no longer holds "${from}"`);
    text = text.replace(from, to);
  }
  writeFileSync(path, text);
}

/** Gives every device, and the image server, an address in another network, so that two labs can be up at once. */
function moveTo(directory: string, network: string): void {
  for (const name of ['devices.yaml', 'sites.yaml']) {
    const path = join(directory, 'inventory', name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll(`${EXAMPLE_NETWORK}.`, `${network}.`));
  }
}

/** Units and playbook use the window that is open; soaks fit an evening. The lab rehearses the long ones. */
function suitTonight(directory: string): void {
  rewrite(join(directory, 'inventory', 'groups.yaml'), [
    ['windows: [campus-weekend]', 'windows: [tonight]'],
  ]);
  rewrite(join(directory, 'playbooks', 'campus-firmware.yaml'), [
    ['window: campus-weekend', 'window: tonight'],
    ['soak: PT30M }', 'soak: PT2M }'],
    ['soak: PT48H', 'soak: PT10M'],
  ]);
}

/** What to type next; `lab.env` sets what the inventory's references stand for. */
export function nextLines(directory: string): readonly string[] {
  const here = relative(process.cwd(), directory) || '.';
  return [`cd ${here}`, '. ./lab.env'];
}

export function writeEnvironment(
  directory: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const lines = Object.entries({ ...LAB_ENVIRONMENT, ...more }).map(
    ([name, value]) => `export ${name}=${value}`,
  );
  const text = `# What the secrets of this lab are; the inventory names them only.\n${lines.join('\n')}\n`;
  writeFileSync(join(directory, 'lab.env'), text, { mode: 0o600 });
}

/**
 * Makes a folder that works at once with the lab: the example inventory and playbook, stand-in images with their true
 * hashes, three people with signing keys, a window that is open now. Fault `usage` when the folder is not empty.
 */
export async function prepareLab(
  directory: string,
  world: Pick<World, 'signer' | 'clock'>,
  network = EXAMPLE_NETWORK,
): Promise<void> {
  if (!/^127\.\d{1,3}\.\d{1,3}$/.test(network)) {
    const mend = 'three numbers of the loopback range, such as 127.21.1';
    throw new Fault('usage', `${network}: no network for a lab`, { mend });
  }
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new Fault('usage', `${directory} is not empty`, { mend: 'give a new folder' });
  }
  const root = packageRoot();
  try {
    cpSync(join(root, 'inventories', 'two-sites'), join(directory, 'inventory'), {
      recursive: true,
    });
    cpSync(join(root, 'playbooks'), join(directory, 'playbooks'), { recursive: true });
    readLabPlan(join(directory, 'inventory'));
    writeEnvironment(directory);
    writeImages(directory);
    writeWindow(directory, world.clock.now());
    suitTonight(directory);
    moveTo(directory, network);
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw new Fault('state-unwritable', `${directory}: ${messageOf(thrown)}`, { cause: thrown });
  }
  await writePeople(directory, world);
}
