import { personality } from '../../../drivers/arista_eos/personality.js';
import type {
  SimAnswer,
  SimDevice,
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

export const MLAG: SimSeed['redundancy'] = {
  kind: 'mlag',
  domain: 'POD1',
  role: 'primary',
  peerSystem: 'sw2',
  peerAddress: '10.255.0.2',
  peerUp: true,
};

function file(name: string, image: SimFile['image'], sizeBytes = 950_000_000): SimFile {
  const base = {
    name,
    sizeBytes,
    sha512: 'b'.repeat(128),
    md5: 'c'.repeat(32),
    modifiedAtMs: Date.UTC(2026, 9, 1),
  };
  return image === undefined ? base : { ...base, image };
}

export function seedFor(patch: Partial<SimSeed> = {}): SimSeed {
  const peer = { routerId: '10.9.9.9', up: true, sinceMs: NOW_MS - 3 * DAY_MS };
  return {
    id: 'sw1',
    hostname: 'sw1',
    model: 'DCS-7050SX3-48YC8',
    address: '127.0.1.1',
    version: '4.28.3M',
    serials: ['JPE12345678'],
    image: file('EOS-4.28.3M.swi', { platform: 'arista_eos', version: '4.28.3M' }),
    ports: [
      {
        name: 'Ethernet1',
        description: 'to-spine1',
        admin: 'up',
        oper: 'up',
        remote: { system: 'spine1', port: 'Ethernet5', platform: 'Arista Networks EOS' },
      },
      { name: 'Ethernet2', description: '', admin: 'up', oper: 'down' },
      { name: 'Ethernet49/1', description: '', admin: 'up', oper: 'down' },
    ],
    peers: [
      {
        ...peer,
        protocol: 'bgp',
        address: '10.0.0.1',
        system: 'spine1',
        port: 'Ethernet1',
        remoteAs: 65_100,
        prefixes: 12,
      },
      {
        ...peer,
        protocol: 'ospf',
        address: '10.0.1.1',
        system: 'core1',
        port: 'Ethernet2',
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
    extraConfig: 'router bgp 65001\n   maximum-paths 4\n',
    flashBytes: 4_000_000_000,
    bootedAtMs: NOW_MS - 23 * DAY_MS,
    ...patch,
  };
}

export function switchFor(patch: Partial<SimSeed> = {}): SimDevice {
  return personality.create(deepFreeze(seedFor(patch)));
}

export function withFile(device: SimDevice, name: string, image: SimFile['image']): SimDevice {
  return {
    ...device,
    members: device.members.map((member) => ({
      ...member,
      flash: { ...member.flash, files: [...member.flash.files, file(name, image)] },
    })),
  };
}

export interface TestSession {
  /** Sends a line, gives back all that was printed for it. */
  send(line: string): string;
  key(key: string): string;
  timer(name: string, afterMs: number): void;
  prompt(): string;
  device(): SimDevice;
  shell(): SimShell;
  last(): SimAnswer;
}

/** Runs a shell of the simulated switch on frozen states, with a fixed stream of chance. */
export function openSession(start: SimDevice, startMs = NOW_MS): TestSession {
  let device = deepFreeze(start);
  let shell = deepFreeze(personality.login(device));
  let nowMs = startMs;
  let last: SimAnswer = { device, shell, effects: [] };
  const send = (text: string): string => {
    last = deepFreeze(personality.line(device, shell, text, { nowMs, chance: () => 0.25 }));
    device = last.device;
    shell = last.shell;
    return last.effects.map((effect) => (effect.kind === 'print' ? effect.text : '')).join('');
  };
  return {
    send,
    key: send,
    timer: (name, afterMs) => {
      nowMs += afterMs;
      device = deepFreeze(personality.timer(device, name, { nowMs, chance: () => 0.25 }).device);
    },
    prompt: () => personality.prompt(device, shell),
    device: () => device,
    shell: () => shell,
    last: () => last,
  };
}
