import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../src/kernel/fault.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { readLabPlan, type LabPlan, type LabUnit } from './lab-plan.js';
import { packageRoot } from './prepare.js';

/** The example inventory: its devices stand in for those that nobody described to the lab. */
export function exampleDirectory(): string {
  return join(packageRoot(), 'inventories', 'two-sites');
}

const NUMBER_DIGITS = 3;

function sampleOf(example: LabPlan, platform: string): LabUnit | undefined {
  const units = Object.values(example.units).filter((each) => each.platform === platform);
  return units.find((each) => each.serials.length === 1) ?? units[0];
}

/** One made-up device of the platform, number `index` of its folder; undefined when the lab has no such platform. */
export function standIn(example: LabPlan, platform: string, index: number): LabUnit | undefined {
  const sample = sampleOf(example, platform);
  const serial = sample?.serials[0];
  if (!sample || serial === undefined) return undefined;
  const number = String(index + 1).padStart(NUMBER_DIGITS, '0');
  return { ...sample, serials: [`${serial.slice(0, -number.length)}${number}`] };
}

/**
 * What the lab plays: `lab.yaml` of the inventory, and stand-ins for units that it does not describe. Fault `lab-fault`
 * when nothing is left to play.
 */
export function planFor(inventory: Inventory, directory: string): LabPlan {
  const example = readLabPlan(exampleDirectory());
  const own = existsSync(join(directory, 'lab.yaml')) ? readLabPlan(directory) : undefined;
  const invented = inventory.units.flatMap((unit, index): readonly [string, LabUnit][] => {
    if (own && Object.hasOwn(own.units, unit.id)) return [];
    const made = standIn(example, unit.device.platform ?? '', index);
    if (!made) return [];
    const serials = unit.serials.length > 0 ? unit.serials : made.serials;
    return [[unit.id, { ...made, serials }]];
  });
  const units = { ...own?.units, ...Object.fromEntries(invented) };
  if (Object.keys(units).length === 0) {
    throw new Fault('lab-fault', 'the lab plays none of these devices', {
      mend: 'give each device a `platform` in devices.yaml, or describe it in lab.yaml',
    });
  }
  return { seed: own?.seed ?? 'own inventory', images: own?.images ?? [], units };
}
