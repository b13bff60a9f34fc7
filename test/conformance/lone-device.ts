import type { SimDevice } from '../../src/driver/personality.js';
import { openSession, type ShellSession } from '../../src/session/session.js';
import { createSimWorld, type SimWorld } from '../../lab/world/world.js';
import { imageFor, type Conformer, type Transcript } from './conformer.js';
import { routingOf } from './routing.js';

export const START_MS = Date.UTC(2027, 0, 9, 20);
const DAY_MS = 86_400_000;

export interface LoneDevice {
  readonly sim: SimWorld;
  nowMs(): number;
  device(): SimDevice;
  /** Logs in, lets `work` have the session, and lets virtual time pass until it is done. */
  use<T>(work: (session: ShellSession) => Promise<T>): Promise<T>;
}

function specOf(one: Conformer, { facts, commands }: Transcript) {
  const {
    fileName: name,
    sizeBytes,
    sha512,
    md5,
  } = imageFor(one, facts.runningVersion, facts.model);
  const image = { platform: one.id, version: facts.runningVersion };
  return {
    id: facts.hostname,
    hostname: facts.hostname,
    platform: one.id,
    model: facts.model,
    address: '127.20.8.1',
    version: facts.runningVersion,
    serials: facts.serials,
    image: { name, sizeBytes, sha512, md5, image, modifiedAtMs: START_MS - 40 * DAY_MS },
    ports: [],
    peers: [],
    redundancy: {
      kind: 'none',
      domain: '',
      role: 'primary',
      peerSystem: '',
      peerAddress: '',
      peerUp: false,
    },
    login: { username: 'ops', password: 'lab-secret' },
    extraConfig: routingOf(commands['show running-config'] ?? ''),
    bootedAtMs: START_MS - 40 * DAY_MS,
  } as const;
}

/** A simulated device alone in the world: model, version, serials, name and routing of the transcript's. */
export async function loneDevice(one: Conformer, transcript: Transcript): Promise<LoneDevice> {
  const spec = specOf(one, transcript);
  const sim = createSimWorld(
    {
      seed: 'lone',
      startMs: START_MS,
      devices: [spec],
      passive: [],
      links: [],
      images: [],
      faults: [],
    },
    { [one.id]: one.personality },
  );
  const { dialect, timing, algorithms } = one.driver.platform;
  const open = async (): Promise<ShellSession> => {
    const { dialer, clock } = sim.ports;
    const dialled = await dialer.dial({
      endpoint: { host: spec.address, port: 22 },
      username: 'ops',
      auth: [{ kind: 'password', password: 'lab-secret' }],
      algorithms,
      acceptHostKey: () => true,
      timeoutMs: timing.loginMs,
      keepaliveMs: timing.loginMs,
    });
    if (dialled.kind !== 'connected') throw new Error(dialled.kind);
    const channel = await dialled.connection.openShell();
    if (!channel) throw new Error('no shell');
    const limits = {
      idleMs: timing.commandIdleMs,
      totalMs: timing.commandTotalMs,
      outputBytesMax: 8_000_000,
    };
    const opened = await openSession(channel, { dialect, clock, limits });
    if (opened.kind !== 'open') throw new Error(`${opened.kind}: ${opened.detail}`);
    return opened.session;
  };
  return {
    sim,
    nowMs: () => sim.scheduler.nowMs(),
    device: () => sim.deviceState(spec.id),
    use: (work) => sim.scheduler.drain(open().then(work)),
  };
}
