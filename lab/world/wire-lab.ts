import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { Personality } from '../../src/driver/personality.js';
import { Fault } from '../../src/kernel/fault.js';
import type { FlowLoss } from '../../src/topology/flow-meter.js';
import { faultSheets } from '../faults/catalogue.js';
import type { TruthRecord } from './event-log.js';
import { LabModel } from './model.js';
import { createRandom } from './random.js';
import { trafficOf } from './traffic.js';
import { UploadDesk } from './upload-desk.js';
import { openTruth, type LabFile, type WireDevice } from './wire-folder.js';
import { HostKeys } from './wire-host-key.js';
import { wireFetcher } from './wire-pull.js';
import { WireScheduler, type WireClock } from './wire-scheduler.js';
import { WireSnmp } from './wire-snmp.js';
import { WireSsh } from './wire-ssh.js';
import { WireJump } from './wire-jump.js';
import { WireDesk } from './wire-upload.js';

/** A lab that listens. */
export interface WireLab {
  readonly model: LabModel;
  readonly clock: WireClock;
  nowMs(): number;
  devices(): readonly WireDevice[];
  jumpHosts(): readonly WireDevice[];
  /** What becomes of every declared flow at this instant. */
  flows(): readonly FlowLoss[];
  /** Stops everything; no port is open afterwards. */
  close(): void;
}

export interface WireLabParts {
  readonly folder: string;
  readonly lab: LabFile;
  readonly personalities: Readonly<Record<string, Personality>>;
  readonly log: (text: string) => void;
}

interface Face {
  readonly ssh: WireSsh;
  readonly snmp: WireSnmp | undefined;
}

const FILES_A_DEVICE = 4;
const FILES_BESIDES = 64;

/** Fault `lab-fault` when so many devices need more open files than this process may have. */
export function checkFileLimit(deviceCount: number, limit: number | undefined): void {
  const need = deviceCount * FILES_A_DEVICE + FILES_BESIDES;
  if (limit === undefined || limit >= need) return;
  throw new Fault(
    'lab-fault',
    `${deviceCount} devices need ${need} open files, this process may have ${limit}`,
    { mend: `Raise the limit in the shell that starts the lab: ulimit -n ${need}` },
  );
}

/** How many files this process may open; undefined when the system does not say. */
export function openFileLimit(): number | undefined {
  if (process.report === undefined) return undefined;
  Reflect.set(process.report, 'excludeNetwork', true);
  const report: unknown = process.report.getReport();
  const limits: unknown = Reflect.get(Object(report), 'userLimits');
  const files: unknown = Reflect.get(Object(limits), 'open_files');
  const soft: unknown = Reflect.get(Object(files), 'soft');
  return typeof soft === 'number' ? soft : undefined;
}

/** Follows the model's power: a device that is away has no port, one that is back has it again. */
function follow(model: LabModel, id: string, face: Face): void {
  model.connect(id, () => {
    if (model.isReachable(id) || !model.isUp(id)) return face.ssh.shut();
    // It is up, and only the way to it is gone.
    face.ssh.drop();
    follow(model, id, face);
  });
}

/** Puts the network of `lab` on the wire. Fault `lab-fault` names what cannot be had. */
export async function openWireLab(parts: WireLabParts): Promise<WireLab> {
  const { folder, lab, log } = parts;
  const { spec, speed } = lab;
  checkFileLimit(spec.devices.length, openFileLimit());
  const hostKeys = new HostKeys(folder, () => randomBytes(32).toString('hex'));
  const clock = { realStartMs: Date.now(), virtualStartMs: spec.startMs, speed };
  const scheduler = new WireScheduler(clock, log);
  const truth = openTruth(folder, clock.realStartMs);
  const faces = new Map<string, Face>();
  const onTruth = (record: TruthRecord) => {
    writeSync(truth.fd, `${JSON.stringify(record)}\n`);
    if (record.kind === 'boot') scheduler.schedule(0, () => comeBack(record.device), 'reopen');
  };
  const { personalities } = parts;
  const model = new LabModel(spec, { personalities, sheets: faultSheets, scheduler, onTruth });
  const comeBack = (id: string) => {
    const face = faces.get(id);
    if (!face || !model.isUp(id)) return;
    follow(model, id, face);
    face.ssh.reopen();
  };
  const uploads = new UploadDesk(model);
  const desk = new WireDesk(model, uploads);
  model.pulls.serveBy(wireFetcher({ model, desk: uploads }));
  const random = createRandom(`${spec.seed}\nwire`);
  for (const device of spec.devices) {
    const chance = random.stream(`wire ${device.id}`);
    const ssh = new WireSsh(device, { model, desk, hostKeys, chance, log });
    faces.set(device.id, {
      ssh,
      snmp:
        device.snmp && device.unreachable !== true ? new WireSnmp(device, model, log) : undefined,
    });
  }
  const jumps = (spec.jumpHosts ?? []).map((host) => new WireJump(host, { spec, hostKeys, log }));
  const close = () => {
    scheduler.stop();
    for (const jump of jumps) jump.shut();
    for (const { ssh, snmp } of faces.values()) {
      ssh.shut();
      snmp?.close();
    }
    truth.close();
  };
  try {
    await listen(model, faces);
    for (const jump of jumps) await jump.open();
  } catch (thrown) {
    close();
    throw thrown;
  }
  const devices = () => spec.devices.map(({ id }) => describe(model, faces, id));
  const jumpHosts = () => jumps.map(describeJump);
  const traffic = trafficOf(model);
  const flows = () => traffic?.losses() ?? [];
  return { model, clock, nowMs: () => scheduler.nowMs(), devices, jumpHosts, flows, close };
}

async function listen(model: LabModel, faces: ReadonlyMap<string, Face>): Promise<void> {
  for (const [id, face] of faces) {
    await face.snmp?.open();
    if (model.labDevice(id).unreachable === true) continue;
    follow(model, id, face);
    await face.ssh.open();
  }
}

function describeJump({ host, port, hostKey }: WireJump): WireDevice {
  return { id: host.id, host: host.address, sshPort: port, hostKey: hostKey.fingerprint };
}

function describe(model: LabModel, faces: ReadonlyMap<string, Face>, id: string): WireDevice {
  const face = faces.get(id);
  if (!face) throw new Fault('lab-fault', `the lab has no device "${id}"`);
  return {
    id,
    host: model.labDevice(id).address,
    sshPort: face.ssh.port,
    ...(face.snmp && { snmpPort: face.snmp.port }),
    hostKey: face.ssh.hostKey.fingerprint,
  };
}
