import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../src/kernel/fault.js';
import type { App } from '../../src/app.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { Plan } from '../../src/plan/plan.js';
import { faultSheets } from '../faults/catalogue.js';
import { playNights, shrinkOne } from '../seeds/campaign.js';
import { proofNetwork, type NightInputs } from '../seeds/proof-network.js';
import type { LabImage } from '../world/lab-spec.js';
import { clear, startWire, stopWire, strike, wireFlows, wireState } from '../world/wire-control.js';
import { statePath } from '../world/wire-folder.js';
import { runDemo } from './demo.js';
import { landOnLoopback, writeLandings, type Landing } from './lab-landing.js';
import { labFacts } from './lab-plan.js';
import { nextLines, prepareLab } from './prepare.js';
import { inputsOf, rehearseAndRecord, strikeOf, type RehearsalRequest } from './record.js';
import { startFolder, startLines, type StartHost } from './start-folder.js';
import { planFor } from './stand-in.js';
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

/** Of what nights are played; left out, the network of the proof. */
interface NightsOf {
  readonly of?: { readonly plan: Plan; readonly inventory: Inventory };
}

interface ShrinkRequest extends NightsOf {
  readonly seed: string;
  readonly night: number;
  readonly limitMs: number;
}

interface SeedsRequest extends NightsOf {
  readonly only?: readonly number[];
  readonly seed: string;
  readonly first: number;
  readonly count: number;
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

/** Nothing learnt in a lab may stand beside what was learnt of real devices. Fault `lab-fault`. */
function refuseRealState(stateDirectory: string): void {
  const isReal = existsSync(join(stateDirectory, 'nightshift.db'));
  if (!isReal || existsSync(join(stateDirectory, 'lab'))) return;
  throw new Fault('lab-fault', `${stateDirectory} holds what was learnt of real devices`, {
    mend: 'give the lab a state directory of its own: . ./lab.env, or --state .nightshift-lab',
  });
}

function landingLines(landings: readonly Landing[], unplayed: number): readonly string[] {
  const [first] = landings;
  return [
    ...(first
      ? [
          `your addresses lead into the lab while it is up: ${first.from.host} port ${first.from.port} is ` +
            `${first.to.host} port ${first.to.port}, and so on; no real device is touched`,
        ]
      : []),
    ...(unplayed > 0 ? [`${unplayed} units are not played: the lab has no such platform`] : []),
  ];
}

/** Platforms whose devices fetch their images from us: nothing can be sent to them. */
async function fetchingPlatforms(app: App): Promise<ReadonlySet<string>> {
  const platforms = [...(await app.drivers()).values()].map(({ platform }) => platform);
  const fetching = platforms.filter(
    ({ transfer }) => !transfer.some((each) => each === 'scp' || each === 'sftp'),
  );
  return new Set(fetching.map(({ id }) => id));
}

async function nightsOf(app: App, of: NightsOf['of']): Promise<readonly NightInputs[]> {
  return of ? [await inputsOf(app, of.plan, of.inventory)] : proofNetwork(app);
}

/** Starts the lab that plays the inventory, its devices on loopback. */
async function goUp(context: LabContext, folder: string, speed: number) {
  const { app, say } = context;
  const declared = await app.inventory(context.inventoryDirectory);
  const plan = planFor(declared, context.inventoryDirectory);
  const { inventory, landings } = landOnLoopback(declared, plan.seed);
  if (landings.length > 0) refuseRealState(context.stateDirectory);
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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeLandings(folder, landings);
  const state = await startWire({ folder, spec, speed });
  for (const line of landingLines(landings, inventory.units.length - spec.devices.length)) {
    say(line);
  }
  return {
    stateFile: statePath(folder),
    inventory: context.inventoryDirectory,
    devices: state.devices.length,
    pid: state.pid,
  };
}

/** What the lab can do for the command line. */
export function labCommands(context: LabContext) {
  const { app, say } = context;
  const folder = join(context.stateDirectory, 'lab');
  return {
    rehearse: (plan: Plan, inventory: Inventory, options: RehearsalRequest) =>
      rehearseAndRecord(app, plan, inventory, options),

    async seeds({ of, ...wanted }: SeedsRequest) {
      const request = { ...wanted, stop: context.stop, clock: app.world.clock };
      return playNights(await nightsOf(app, of), request);
    },

    async shrink({ of, ...wanted }: ShrinkRequest) {
      return shrinkOne(await nightsOf(app, of), { ...wanted, clock: app.world.clock });
    },

    async init(directory: string, network?: string): Promise<readonly string[]> {
      await prepareLab(directory, app.world, network);
      return nextLines(directory);
    },

    async begin(directory: string, hosts: readonly StartHost[]): Promise<readonly string[]> {
      const request = { hosts, fetching: await fetchingPlatforms(app) };
      await startFolder(directory, request, app.world);
      return startLines(directory);
    },

    up: (options: { readonly speed?: number }) =>
      goUp(context, folder, options.speed ?? SPEED_DEFAULT),

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
