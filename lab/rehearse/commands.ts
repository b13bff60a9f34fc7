import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '../../src/kernel/fault.js';
import type { App } from '../../src/app.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { Plan } from '../../src/plan/plan.js';
import { faultSheets } from '../faults/catalogue.js';
import type { LabImage } from '../world/lab-spec.js';
import { clear, startWire, stopWire, strike, wireFlows, wireState } from '../world/wire-control.js';
import { statePath } from '../world/wire-folder.js';
import { runDemo } from './demo.js';
import { labFacts, readLabPlan } from './lab-plan.js';
import { nextLines, prepareLab } from './prepare.js';
import { rehearseAndRecord, strikeOf, type RehearsalRequest } from './record.js';
import { twinOf } from './twin.js';

/** Where the lab works and whom it tells. */
export interface LabContext {
  readonly app: App;
  /** The lab keeps its own files in the folder `lab` below the state directory. */
  readonly stateDirectory: string;
  readonly inventoryDirectory: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

const SPEED_DEFAULT = 20;

async function imagesOf(inventory: Inventory): Promise<readonly LabImage[]> {
  return Promise.resolve(
    inventory.images.map(({ path, sizeBytes, sha512, md5, platform, version }) => ({
      path,
      sizeBytes,
      sha512,
      md5,
      platform,
      version,
    })),
  );
}

/** Every secret that the inventory names, fetched beforehand: the twins get the true ones. */
async function secretsOf(app: App, inventory: Inventory): Promise<ReadonlyMap<string, string>> {
  const logins = [...inventory.units.map((each) => each.device), ...(inventory.jumpHosts ?? [])];
  const passwords = logins.flatMap(({ ssh }) => [ssh.password, ssh.enable]);
  const references = new Set(passwords.filter((each) => each !== undefined));
  for (const { device } of inventory.units) {
    const { snmp } = device;
    if (snmp?.version === 'v2c') references.add(snmp.community);
    if (snmp?.version === 'v3') references.add(snmp.authKey).add(snmp.privKey);
  }
  const values = new Map<string, string>();
  for (const each of references) values.set(each, await app.world.secrets.resolve(each));
  return values;
}

/** What the lab can do for the command line. */
export function labCommands(context: LabContext) {
  const { app, say } = context;
  const folder = join(context.stateDirectory, 'lab');
  return {
    rehearse: (plan: Plan, inventory: Inventory, options: RehearsalRequest) =>
      rehearseAndRecord(app, plan, inventory, options),

    async init(directory: string, network?: string): Promise<readonly string[]> {
      await prepareLab(directory, app.world, network);
      return nextLines(directory);
    },

    async up(options: { readonly speed?: number }) {
      const inventory = await app.inventory(context.inventoryDirectory);
      const plan = readLabPlan(context.inventoryDirectory);
      const secrets = await secretsOf(app, inventory);
      const spec = twinOf({
        inventory,
        facts: labFacts(plan),
        images: await imagesOf(inventory),
        secrets: { resolve: (reference) => secrets.get(reference) ?? '' },
        seed: createHash('sha256').update(plan.seed).digest('hex').slice(0, 16),
        startMs: app.world.clock.now(),
        faults: [],
      });
      const speed = options.speed ?? SPEED_DEFAULT;
      const state = await startWire({ folder, spec, speed });
      return {
        stateFile: statePath(folder),
        inventory: context.inventoryDirectory,
        devices: state.devices.length,
        pid: state.pid,
      };
    },

    down: () => stopWire(folder),

    demo: () => runDemo({ say, stop: context.stop }),

    faults: () =>
      Promise.resolve(
        faultSheets.map(({ id, title, verdict }) => ({
          id,
          title,
          conclusion: `${verdict.unit}: ${verdict.because}`,
        })),
      ),

    async strike(device: string, fault: string): Promise<void> {
      const inventory = await app.inventory(context.inventoryDirectory);
      await strike(folder, strikeOf(`${device}=${fault}`, inventory));
    },

    flows: async () =>
      (await wireFlows(folder)).map(({ name, lossPercent }) => ({
        name,
        lossPercent: Math.round(lossPercent * 1000) / 1000,
      })),

    async clear(device?: string): Promise<void> {
      if (!(await wireState(folder))) throw new Fault('lab-fault', 'no lab is up');
      for (const { id } of faultSheets) await clear(folder, id, device);
    },
  };
}
