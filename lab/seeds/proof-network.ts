import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { digestOf } from '../../src/kernel/digest.js';
import { personId } from '../../src/kernel/id.js';
import type { App } from '../../src/app.js';
import type { ImageEntry, Inventory } from '../../src/inventory/inventory.js';
import { labFacts, readLabPlan, type PlannedImageFile } from '../rehearse/lab-plan.js';
import { planInLab } from '../rehearse/plan-in-lab.js';
import { packageRoot } from '../rehearse/prepare.js';
import { loadPersonalities } from '../rehearse/record.js';
import type { RehearsalInputs } from '../rehearse/rehearse.js';

/** What nights are played of: a plan, its network, and what its devices are. */
export type NightInputs = Omit<RehearsalInputs, 'seed' | 'faults'>;

/**
 * When the plans are made: before a plain week-end, before the one in which the clocks skip 02:00, and before the one in
 * which 02:00 comes twice (Europe/Amsterdam, both inside the windows).
 */
const STARTS_MS = [
  Date.UTC(2027, 0, 8, 12),
  Date.UTC(2027, 2, 26, 12),
  Date.UTC(2027, 9, 29, 12),
] as const;

/** Big enough that a copy takes minutes, and that space in a flash matters. */
const SCALE = 100;

function imageOf({ platform, version, fileName, sizeBytes }: PlannedImageFile): ImageEntry {
  const hash = (algorithm: string) => createHash(algorithm).update(fileName).digest('hex');
  return {
    name: `${platform}-${version}`,
    platform,
    models: [],
    from: [],
    version,
    path: `/images/${fileName}`,
    fileName,
    sizeBytes: sizeBytes * SCALE,
    sha512: hash('sha512'),
    md5: hash('md5'),
    golden: true,
  };
}

function withImages(declared: Inventory, images: readonly ImageEntry[]): Inventory {
  const { digest: _digest, ...content } = { ...declared, images };
  return { ...content, digest: digestOf(content) };
}

/**
 * The network of inventories/proof with the example's playbook, planned for each kind of week-end; `limit` instead of the
 * playbook's own.
 */
export async function proofNetwork(app: App, limit?: string): Promise<readonly NightInputs[]> {
  const root = packageRoot();
  const directory = join(root, 'inventories', 'proof');
  const lab = readLabPlan(directory);
  const inventory = withImages(await app.inventory(directory), lab.images.map(imageOf));
  const shipped = await app.playbook(join(root, 'playbooks', 'campus-firmware.yaml'));
  const playbook = limit === undefined ? shipped : { ...shipped, limit };
  const facts = labFacts(lab);
  const drivers = await app.drivers();
  const personalities = await loadPersonalities([...facts.values()].map((each) => each.platform));
  const about = { inventory, facts, drivers, personalities };
  const all: NightInputs[] = [];
  for (const startMs of STARTS_MS) {
    const plan = await planInLab({ ...about, playbook, author: personId('otto'), startMs });
    all.push({ ...about, plan });
  }
  return all;
}
