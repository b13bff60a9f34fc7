import { digestOf } from '../kernel/digest.js';
import type { Digest } from '../kernel/id.js';
import type { Inventory, Unit } from '../inventory/inventory.js';

/** The names of the windows that a unit uses: its own, else the playbook's. */
export function windowNames(unit: Unit, playbookWindow: string): readonly string[] {
  return unit.windows.length > 0 ? unit.windows : [playbookWindow];
}

/** What the proof of the whole plan rests on: with flows or services to keep, a cable anywhere may matter. */
function networkBasis({ flows = [], attachments = [], links }: Inventory): { network?: unknown } {
  return flows.length + attachments.length > 0 ? { network: { flows, attachments, links } } : {};
}

/** Digest over the inventory entries that a unit's plan rests on. An edit of any of them makes that unit stale. */
export function unitBasis(
  inventory: Inventory,
  unit: Unit,
  used: { readonly images: readonly string[]; readonly windows: readonly string[] },
): Digest {
  const { site } = unit.device;
  return digestOf({
    images: used.images.map((name) => inventory.images.find((each) => each.name === name) ?? null),
    windows: inventory.windows.filter((each) => used.windows.includes(each.name)),
    freezes: inventory.freezes.filter(
      (each) => each.sites.length === 0 || each.sites.includes(site),
    ),
    timeZone: inventory.sites.find((each) => each.name === site)?.timeZone ?? null,
    ...networkBasis(inventory),
    group: inventory.redundancyGroups.find((each) => each.name === unit.redundancyGroup) ?? null,
  });
}
