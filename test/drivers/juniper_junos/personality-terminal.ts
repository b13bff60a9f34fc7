import { personality } from '../../../drivers/juniper_junos/personality.js';
import type {
  SimAnswer,
  SimDevice,
  SimEffect,
  SimFile,
  SimSeed,
  SimShell,
} from '../../../src/driver/personality.js';

export const NOW_MS = Date.UTC(2026, 10, 23, 20, 0, 0);
const DAY_MS = 86_400_000;

export function imageFile(version: string, model = 'mx240', sizeBytes = 2_400_000_000): SimFile {
  return {
    name: personality.imageFileName(version, model),
    sizeBytes,
    sha512: 'ab'.repeat(64),
    md5: 'cd'.repeat(16),
    image: { platform: 'juniper_junos', version },
    modifiedAtMs: NOW_MS - 40 * DAY_MS,
  };
}

export function seedOf(change: Partial<SimSeed> = {}): SimSeed {
  const model = change.model ?? 'mx240';
  return {
    id: 'edge1',
    hostname: 'edge1',
    model,
    address: '10.71.3.24',
    version: '21.4R3-S5.4',
    serials: ['JN12D9F31AFC'],
    image: imageFile(change.version ?? '21.4R3-S5.4', model, 400_000_000),
    ports: [
      {
        name: 'xe-0/0/0',
        description: 'to core1',
        admin: 'up',
        oper: 'up',
        remote: { system: 'core1', port: 'xe-1/0/0', platform: 'juniper_junos' },
      },
      { name: 'xe-0/0/1', description: '', admin: 'up', oper: 'down' },
    ],
    peers: [
      {
        protocol: 'ospf',
        address: '10.255.0.2',
        routerId: '10.71.255.1',
        system: 'core1',
        port: 'xe-0/0/0',
        up: true,
        sinceMs: NOW_MS - 10 * DAY_MS,
        prefixes: 12,
      },
      {
        protocol: 'bgp',
        address: '10.255.0.2',
        routerId: '10.71.255.1',
        system: 'core1',
        port: 'xe-0/0/0',
        remoteAs: 64_900,
        up: true,
        sinceMs: NOW_MS - 10 * DAY_MS,
        prefixes: 9,
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
    login: { username: 'ops', password: 'lab-secret' },
    extraConfig: '',
    bootedAtMs: NOW_MS - 40 * DAY_MS,
    ...change,
  };
}

export const dualSeed = (change: Partial<SimSeed> = {}) =>
  seedOf({ model: 'mx480', serials: ['9009418861', '9013255074'], ...change });

/** A shell on a device, with a clock that only goes on when it is told to. */
export class Terminal {
  device: SimDevice;
  shell: SimShell;
  nowMs = NOW_MS;
  effects: readonly SimEffect[] = [];
  mutation: string | undefined;

  constructor(seed: SimSeed = seedOf()) {
    this.device = personality.create(seed);
    this.shell = personality.login(this.device);
  }

  get context() {
    return { nowMs: this.nowMs, chance: () => 0.5 };
  }

  get prompt(): string {
    return personality.prompt(this.device, this.shell);
  }

  /** Sends one line (or key); gives all that is printed, with line ends of one character. */
  send(text: string): string {
    const answer: SimAnswer = personality.line(this.device, this.shell, text, this.context);
    this.device = answer.device;
    this.shell = answer.shell;
    this.effects = answer.effects;
    this.mutation = answer.mutation;
    return printed(answer.effects);
  }

  /** Sends several lines; gives what the last one prints. */
  type(...lines: readonly string[]): string {
    return lines.map((line) => this.send(line)).at(-1) ?? '';
  }

  fire(name: string): readonly SimEffect[] {
    const fired = personality.timer(this.device, name, this.context);
    this.device = fired.device;
    return fired.effects;
  }

  put(file: SimFile, memberId = 're0'): void {
    this.device = {
      ...this.device,
      members: this.device.members.map((member) =>
        member.id === memberId
          ? { ...member, flash: { ...member.flash, files: [...member.flash.files, file] } }
          : member,
      ),
    };
  }

  suffer(fault: string): void {
    this.device = { ...this.device, faults: [...this.device.faults, fault] };
  }

  /** Goes down, boots, comes up; gives the time it was away, or why it never came back. */
  reload(): number | string {
    const boot = personality.boot(this.device, this.context);
    this.device = boot.device;
    this.shell = personality.login(this.device);
    if (boot.kind === 'never') return boot.why;
    this.nowMs += boot.afterMs;
    return boot.afterMs;
  }
}

export function printed(effects: readonly SimEffect[]): string {
  return effects
    .map((effect) => (effect.kind === 'print' ? effect.text : ''))
    .join('')
    .replaceAll('\r\n', '\n');
}
