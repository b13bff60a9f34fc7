import { personality } from '../../../drivers/fortinet_fortios/personality.js';
import type {
  SimAnswer,
  SimDevice,
  SimEffect,
  SimFile,
  SimSeed,
  SimShell,
} from '../../../src/driver/personality.js';

export const DAY_MS = 86_400_000;
/** 2026-11-01 22:00:00 UTC. */
export const NOW_MS = Date.UTC(2026, 10, 1, 22);

/** Makes any write to the value throw. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

export function imageFile(version: string, patch: Partial<SimFile> = {}): SimFile {
  return {
    name: personality.imageFileName(version, 'FortiGate-60F'),
    sizeBytes: 90_000_000,
    sha512: 'b'.repeat(128),
    md5: 'c'.repeat(32),
    image: { platform: 'fortinet_fortios', version },
    modifiedAtMs: Date.UTC(2026, 9, 1),
    ...patch,
  };
}

/** The file as it is after a copy that went wrong: nothing that boots. */
export function damagedFile(version: string): SimFile {
  const { image: _image, ...file } = imageFile(version);
  return file;
}

export function seedFor(patch: Partial<SimSeed> = {}): SimSeed {
  const peer = { routerId: '10.9.9.9', up: true, sinceMs: NOW_MS - 3 * DAY_MS };
  return {
    id: 'fw1',
    hostname: 'fw1',
    model: 'FortiGate-60F',
    address: '127.0.1.1',
    version: '7.2.7',
    serials: ['FGT60FTK22071435'],
    image: imageFile('7.2.7'),
    ports: [
      {
        name: 'wan1',
        description: 'to rt1',
        admin: 'up',
        oper: 'up',
        remote: { system: 'rt1', port: 'Ethernet5', platform: 'router' },
      },
      { name: 'wan2', description: '', admin: 'up', oper: 'down' },
    ],
    peers: [
      {
        ...peer,
        protocol: 'bgp',
        address: '10.0.0.1',
        system: 'rt1',
        port: 'wan1',
        remoteAs: 65_100,
        prefixes: 12,
      },
      {
        ...peer,
        protocol: 'ospf',
        address: '10.0.1.1',
        system: 'core1',
        port: 'wan1',
        prefixes: 4,
      },
    ],
    redundancy: {
      kind: 'none',
      domain: '',
      role: 'primary',
      peerSystem: '',
      peerAddress: '',
      peerUp: false,
    },
    login: { username: 'ops', password: 'secret' },
    extraConfig: '',
    bootedAtMs: NOW_MS - 23 * DAY_MS,
    ...patch,
  };
}

export const CLUSTER = ['FG100FTK20041873', 'FG100FTK20041902'];

export function firewall(patch: Partial<SimSeed> = {}): SimDevice {
  return personality.create(deepFreeze(seedFor(patch)));
}

export function cluster(patch: Partial<SimSeed> = {}): SimDevice {
  return firewall({ model: 'FortiGate-100F', serials: CLUSTER, ...patch });
}

export interface TestSession {
  /** Sends a line or a key, gives back all that was printed for it. */
  send(text: string): string;
  /** Sends lines, gives back what the last of them printed. */
  all(...lines: readonly string[]): string;
  timer(name: string, afterMs: number): readonly SimEffect[];
  pulled(
    result: { kind: 'got'; file: SimFile } | { kind: 'failed'; why: string },
    tag?: string,
  ): string;
  /** The device goes down and comes up again; gives back for how long it was away, or why for ever. */
  boot(): number | string;
  wait(ms: number): void;
  change(change: (device: SimDevice) => SimDevice): void;
  prompt(): string;
  device(): SimDevice;
  shell(): SimShell;
  effects(): readonly SimEffect[];
}

const textOf = (effects: readonly SimEffect[]): string =>
  effects.map((effect) => (effect.kind === 'print' ? effect.text : '')).join('');

/** Runs a shell of the simulated firewall on frozen states, with a fixed stream of chance. */
export function openSession(start: SimDevice, startMs = NOW_MS): TestSession {
  let device = deepFreeze(start);
  let shell = deepFreeze(personality.login(device));
  let nowMs = startMs;
  let last: SimAnswer = { device, shell, effects: [] };
  const context = () => ({ nowMs, chance: () => 0.25 });
  const send = (text: string): string => {
    last = deepFreeze(personality.line(device, shell, text, context()));
    device = last.device;
    shell = last.shell;
    return textOf(last.effects);
  };
  const take = (answer: { device: SimDevice; effects: readonly SimEffect[] }) => {
    deepFreeze(answer);
    device = answer.device;
    last = { device, shell, effects: answer.effects };
    return answer.effects;
  };
  return {
    send,
    all: (...lines) => lines.map(send).at(-1) ?? '',
    timer: (name, afterMs) => {
      nowMs += afterMs;
      return take(personality.timer(device, name, context()));
    },
    pulled: (result, tag = 'firmware') =>
      textOf(take(personality.pulled?.(device, tag, result, context()) ?? { device, effects: [] })),
    boot: () => {
      const boot = deepFreeze(personality.boot(device, context()));
      if (boot.kind === 'never') return boot.why;
      nowMs += boot.afterMs;
      device = deepFreeze({ ...boot.device, power: 'up', powerSinceMs: nowMs });
      shell = deepFreeze(personality.login(device));
      return boot.afterMs;
    },
    wait: (ms) => {
      nowMs += ms;
    },
    change: (change) => {
      device = deepFreeze(change(device));
    },
    prompt: () => personality.prompt(device, shell),
    device: () => device,
    shell: () => shell,
    effects: () => last.effects,
  };
}
