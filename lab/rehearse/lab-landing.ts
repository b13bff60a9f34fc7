import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../src/kernel/fault.js';
import type { Device, Inventory, JumpHost } from '../../src/inventory/inventory.js';

/** Where the lab plays a machine that is elsewhere: what asks for `from` arrives at `to`. */
export interface Landing {
  readonly from: { readonly host: string; readonly port: number };
  readonly to: { readonly host: string; readonly port: number };
}

const SSH_PORT = 2222;
const SNMP_PORT = 1161;
const MACHINES_MAX = 60_000;

/** Beside lab-state.json. */
const landingsPath = (folder: string) => join(folder, 'landings.json');

export function isLoopback(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host);
}

/** Loopback addresses nobody else uses: two numbers by the inventory's own content, the rest counts on. */
function addressOf(network: number, index: number): string {
  const at = index + 1;
  return `127.${network}.${Math.floor(at / 250)}.${(at % 250) + 1}`;
}

function landDevice(device: Device, host: string, landings: Landing[]): Device {
  const { ssh, snmp } = device;
  landings.push({ from: { host: device.host, port: ssh.port }, to: { host, port: SSH_PORT } });
  const landed = { ...device, host, ssh: { ...ssh, port: SSH_PORT } };
  if (!snmp) return landed;
  landings.push({ from: { host: device.host, port: snmp.port }, to: { host, port: SNMP_PORT } });
  return { ...landed, snmp: { ...snmp, port: SNMP_PORT } };
}

/**
 * The same inventory with every machine on loopback, and where each of them went. What is on loopback already stays.
 * Fault `lab-fault` when there are too many, or when two share an address behind different jump hosts.
 */
export function landOnLoopback(
  inventory: Inventory,
  seed: string,
): { readonly inventory: Inventory; readonly landings: readonly Landing[] } {
  const network = 64 + ((createHash('sha256').update(seed).digest()[0] ?? 0) % 128);
  const landings: Landing[] = [];
  const taken = new Set<string>();
  let machines = 0;
  const place = (host: string, port: number) => {
    const key = `${host} ${port}`.toLowerCase();
    if (taken.has(key)) {
      throw new Fault(
        'lab-fault',
        `two devices share ${host} port ${port}: the lab cannot tell them apart`,
      );
    }
    taken.add(key);
    machines += 1;
    if (machines > MACHINES_MAX) throw new Fault('lab-fault', `more than ${MACHINES_MAX} devices`);
    return addressOf(network, machines - 1);
  };
  const hopsByName = new Map<string, JumpHost>();
  const jumpHosts = (inventory.jumpHosts ?? []).map((hop): JumpHost => {
    if (isLoopback(hop.host)) return hop;
    const host = place(hop.host, hop.ssh.port);
    landings.push({ from: { host: hop.host, port: hop.ssh.port }, to: { host, port: SSH_PORT } });
    const landed = { ...hop, host, ssh: { ...hop.ssh, port: SSH_PORT } };
    hopsByName.set(hop.name, landed);
    return landed;
  });
  const units = inventory.units.map((unit) => {
    const { device } = unit;
    if (isLoopback(device.host)) return unit;
    return { ...unit, device: landDevice(device, place(device.host, device.ssh.port), landings) };
  });
  const landed = inventory.jumpHosts ? { ...inventory, units, jumpHosts } : { ...inventory, units };
  return { inventory: landed, landings };
}

export function writeLandings(folder: string, landings: readonly Landing[]): void {
  writeFileSync(landingsPath(folder), `${JSON.stringify(landings)}\n`, { mode: 0o600 });
}
