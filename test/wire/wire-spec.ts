import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FaultStrike } from '../../lab/world/fault.js';
import type { LabDevice, LabImage, LabSpec } from '../../lab/world/lab-spec.js';
import { startWire, stopWire, type StartOptions } from '../../lab/world/wire-control.js';
import type { WireDevice, WireState } from '../../lab/world/wire-folder.js';

export const IMAGE_CONTENT = Buffer.alloc(3_000_000, 'EOS image content ');
export const NEW_VERSION = '4.30.1F';
const START_MS = Date.UTC(2026, 10, 1, 22);

const digest = (algorithm: string, content: Buffer) =>
  createHash(algorithm).update(content).digest('hex');

export const sha512 = (content: Buffer) => digest('sha512', content);

export const image: LabImage = {
  path: '/images/EOS-4.30.1F.swi',
  sizeBytes: IMAGE_CONTENT.length,
  sha512: digest('sha512', IMAGE_CONTENT),
  md5: digest('md5', IMAGE_CONTENT),
  platform: 'arista_eos',
  version: NEW_VERSION,
};

const none: LabDevice['redundancy'] = {
  kind: 'none',
  domain: '',
  role: 'primary',
  peerSystem: '',
  peerAddress: '',
  peerUp: false,
};

const port = (name: string): LabDevice['ports'][number] => ({
  name,
  description: '',
  admin: 'up',
  oper: 'up',
});

/** A switch of the first platform; what it boots from is in its flash. */
export function eosSwitch(id: string, patch: Partial<LabDevice> = {}): LabDevice {
  return {
    id,
    platform: 'arista_eos',
    hostname: id,
    model: 'DCS-7050SX3-48YC8',
    address: '127.71.0.1',
    version: '4.28.3M',
    serials: [`JPE${id.toUpperCase()}`],
    image: {
      name: 'EOS-4.28.3M.swi',
      sizeBytes: 900_000_000,
      sha512: 'b'.repeat(128),
      md5: 'c'.repeat(32),
      image: { platform: 'arista_eos', version: '4.28.3M' },
      modifiedAtMs: START_MS - 86_400_000,
    },
    ports: [port('Ethernet1'), port('Ethernet2')],
    peers: [],
    redundancy: none,
    login: { username: 'ops', password: 'secret' },
    extraConfig: '',
    bootedAtMs: START_MS - 40 * 86_400_000,
    ...patch,
  };
}

/** A switch of the second platform. */
export function iosSwitch(id: string, patch: Partial<LabDevice> = {}): LabDevice {
  return eosSwitch(id, {
    platform: 'cisco_iosxe',
    model: 'C9300-48P',
    version: '17.09.04a',
    serials: [`FOC${id.toUpperCase()}`],
    image: {
      name: 'cat9k_iosxe.17.09.04a.SPA.bin',
      sizeBytes: 900_000_000,
      sha512: 'd'.repeat(128),
      md5: 'e'.repeat(32),
      image: { platform: 'cisco_iosxe', version: '17.09.04a' },
      modifiedAtMs: START_MS - 86_400_000,
    },
    ports: [port('GigabitEthernet1/0/1')],
    ...patch,
  });
}

export function specOf(devices: readonly LabDevice[], patch: Partial<LabSpec> = {}): LabSpec {
  return {
    seed: 'wire',
    startMs: START_MS,
    devices,
    passive: [],
    links: [],
    images: [image],
    faults: [],
    ...patch,
  };
}

/** A port of `address` that was free a moment ago. */
export function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, address, () => {
      const at = probe.address();
      probe.close(() => resolve(typeof at === 'object' && at ? at.port : 0));
    });
  });
}

/** The device with ports of its own on its address. */
export async function onFreePorts(device: LabDevice): Promise<LabDevice> {
  const sshPort = await freePort(device.address);
  const snmpPort = await freePort(device.address);
  return {
    ...device,
    sshPort,
    ...(device.snmp && { snmp: { ...device.snmp, port: snmpPort } }),
  };
}

const path = (from: string) => fileURLToPath(new URL(from, import.meta.url));

/** Runs the lab's program from its source. */
export const fromSource: Pick<StartOptions, 'program' | 'execArgs'> = {
  program: path('../../lab/world/wire-main.ts'),
  execArgs: ['--disable-warning=ExperimentalWarning', '--import', path('../store/ts-resolve.mjs')],
};

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-wire-'));
  folders.push(folder);
  return folder;
}

export interface RunningLab {
  readonly folder: string;
  readonly state: WireState;
  device(id: string): WireDevice;
}

export async function startLab(
  devices: readonly LabDevice[],
  options: {
    speed?: number;
    links?: LabSpec['links'];
    faults?: readonly FaultStrike[];
    network?: NonNullable<LabSpec['network']>;
  } = {},
): Promise<RunningLab> {
  const folder = newFolder();
  const placed: LabDevice[] = [];
  for (const device of devices) placed.push(await onFreePorts(device));
  const { links = [], faults = [], speed = 1, network } = options;
  const spec = specOf(placed, { links, faults, ...(network ? { network } : {}) });
  const state = await startWire({ folder, spec, speed, ...fromSource });
  return {
    folder,
    state,
    device(id) {
      const found = state.devices.find((device) => device.id === id);
      if (!found) throw new Error(`no device ${id}`);
      return found;
    },
  };
}

/** Ends every lab of this file and removes its folders. */
export async function stopLabs(): Promise<void> {
  for (const folder of folders.splice(0)) {
    await stopWire(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}
