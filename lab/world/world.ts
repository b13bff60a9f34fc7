import type { Personality, PersonalityLoaders, SimDevice } from '../../src/driver/personality.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Dialer } from '../../src/ports/dialer.js';
import type { Files } from '../../src/ports/files.js';
import type { ImageServer } from '../../src/ports/image-server.js';
import type { FlowLoss } from '../../src/topology/flow-meter.js';
import type { Random } from '../../src/ports/random.js';
import type { Snmp } from '../../src/ports/snmp.js';
import { faultSheets } from '../faults/catalogue.js';
import type { TruthRecord } from './event-log.js';
import type { FaultStrike } from './fault.js';
import { InProcessDialer } from './in-process-dialer.js';
import { InProcessImageServer } from './in-process-image-server.js';
import { InProcessSnmp } from './in-process-snmp.js';
import type { LabImage, LabSpec } from './lab-spec.js';
import { LabModel } from './model.js';
import { createRandom } from './random.js';
import { trafficOf } from './traffic.js';
import { VirtualClock, VirtualScheduler } from './scheduler.js';
import { UploadDesk } from './upload-desk.js';

/** The ports of the lab that a controller works through. */
export interface LabPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly snmp: Snmp;
  readonly imageServer: ImageServer;
}

/** A simulated network on virtual time. Time passes only in `scheduler.drain` and `scheduler.advance`. */
export interface SimWorld {
  readonly scheduler: VirtualScheduler;
  readonly model: LabModel;
  /** Of the controller that lives now. */
  readonly ports: LabPorts;
  /**
   * The controller dies and another starts: its timers never fire, its connections end at the devices, its open calls
   * never settle. The same seed goes on with the chance of the next life.
   */
  replaceController(): LabPorts;
  /** `base` with the catalogued images in it: their size and hashes, without a byte on the disk. */
  files(base: Files): Files;
  truth(): readonly TruthRecord[];
  deviceState(id: string): SimDevice;
  strike(strike: FaultStrike): void;
  clear(fault: string, device?: string): void;
  /** What becomes of every declared flow at this instant. */
  flowLosses(): readonly FlowLoss[];
  powerCycle(id: string): void;
  /** Every event of the lab, one line each; the same seed and the same caller give the same lines. */
  log(): readonly string[];
  logDigest(): string;
}

function imageFiles(base: Files, images: readonly LabImage[]): Files {
  const byPath = new Map(images.map((image) => [image.path, image]));
  return {
    readText: (path, maxBytes) => base.readText(path, maxBytes),
    list: (path) => base.list(path),
    writeText: (path, text, mode) => base.writeText(path, text, mode),
    stat(path) {
      const image = byPath.get(path);
      if (!image) return base.stat(path);
      const { sizeBytes } = image;
      return Promise.resolve({ path, sizeBytes, isDirectory: false, mode: 0o644 });
    },
    hash(path) {
      const image = byPath.get(path);
      if (!image) return base.hash(path);
      const { sizeBytes, sha512, md5 } = image;
      return Promise.resolve({ sizeBytes, sha512, md5 });
    },
  };
}

interface Life {
  readonly ports: LabPorts;
  end(): void;
}

function startLife(model: LabModel, desk: UploadDesk, count: number): Life {
  const clock = new VirtualClock(model.scheduler);
  const network = createRandom(`${model.spec.seed}\nnetwork ${count}`);
  const dialer = new InProcessDialer({ model, desk, random: network });
  const snmp = new InProcessSnmp(model);
  const imageServer = new InProcessImageServer({ model, desk, random: network });
  model.pulls.serveBy((order, done) => imageServer.fetch(order, done));
  const random = createRandom(`${model.spec.seed}\ncontroller ${count}`);
  return {
    ports: { clock, random, dialer, snmp, imageServer },
    end() {
      clock.kill();
      dialer.kill();
      snmp.kill();
      imageServer.kill();
    },
  };
}

/** Builds the network of `spec`. Fault `lab-fault` for what the spec gets wrong. */
export function createSimWorld(
  spec: LabSpec,
  personalities: Readonly<Record<string, Personality>>,
): SimWorld {
  const scheduler = new VirtualScheduler(spec.startMs);
  const model = new LabModel(spec, { personalities, sheets: faultSheets, scheduler });
  const desk = new UploadDesk(model);
  const traffic = trafficOf(model);
  let lives = 1;
  let life = startLife(model, desk, lives);
  return {
    scheduler,
    model,
    get ports() {
      return life.ports;
    },
    replaceController() {
      life.end();
      lives += 1;
      life = startLife(model, desk, lives);
      return life.ports;
    },
    files: (base) => imageFiles(base, spec.images),
    truth: () => model.truth(),
    deviceState: (id) => model.device(id),
    strike: (strike) => model.strike(strike),
    clear: (fault, device) => model.clear(fault, device),
    flowLosses: () => traffic?.losses() ?? [],
    powerCycle: (id) => model.powerCycle(id),
    log: () => model.log.lines(),
    logDigest: () => model.log.digest(),
  };
}

/** Loads the personalities that `spec` needs, beforehand: the lab itself awaits nothing. */
export async function loadPersonalities(
  spec: LabSpec,
  loaders: PersonalityLoaders,
): Promise<Readonly<Record<string, Personality>>> {
  const platforms = [...new Set(spec.devices.map(({ platform }) => platform))];
  const loaded = await Promise.all(
    platforms.map(async (platform) => {
      const loader = loaders[platform];
      return loader ? [[platform, (await loader()).personality] as const] : [];
    }),
  );
  return Object.fromEntries(loaded.flat());
}
