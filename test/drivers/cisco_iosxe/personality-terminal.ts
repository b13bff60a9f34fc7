import { personality } from '../../../drivers/cisco_iosxe/personality.js';
import type {
  SimDevice,
  SimEffect,
  SimFile,
  SimSeed,
  SimShell,
} from '../../../src/driver/personality.js';

export function imageFile(version: string, sizeBytes = 1_000_000_000): SimFile {
  return {
    name: personality.imageFileName(version, 'C9300-48P'),
    sizeBytes,
    sha512: version.length.toString(16).repeat(128).slice(0, 128),
    md5: 'ab'.repeat(16),
    image: { platform: 'cisco_iosxe', version },
    modifiedAtMs: Date.UTC(2026, 9, 1),
  };
}

export const startMs = Date.UTC(2026, 10, 23, 20, 0, 0);

export function seed(change: Partial<SimSeed> = {}): SimSeed {
  const port = (name: string, remote?: string) => ({
    name,
    description: '',
    admin: 'up' as const,
    oper: remote === undefined ? ('down' as const) : ('up' as const),
    ...(remote !== undefined && {
      remote: { system: remote, port: 'Ethernet49/1', platform: 'DCS-7050SX3' },
    }),
  });
  return {
    id: 'acc1',
    hostname: 'acc1',
    model: 'C9300-48P',
    address: '127.1.0.11',
    version: '17.9.4a',
    serials: ['FOC1111A1AA', 'FOC2222B2BB', 'FOC3333C3CC'],
    image: imageFile('17.9.4a'),
    ports: [
      port('GigabitEthernet1/0/1', 'core1.example.net'),
      port('GigabitEthernet2/0/1', 'core2'),
      port('GigabitEthernet3/0/1'),
    ],
    peers: [
      {
        protocol: 'ospf',
        address: '10.0.0.1',
        routerId: '10.255.0.1',
        system: 'core1',
        port: 'GigabitEthernet1/0/1',
        up: true,
        sinceMs: startMs - 90_000_000,
        prefixes: 7,
      },
      {
        protocol: 'bgp',
        address: '10.0.0.9',
        routerId: '10.255.0.9',
        system: 'wan1',
        port: 'GigabitEthernet2/0/1',
        remoteAs: 64900,
        up: true,
        sinceMs: startMs - 90_000_000,
        prefixes: 12,
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
    login: { username: 'ops', password: 'pw' },
    extraConfig: '',
    bootedAtMs: startMs - 10 * 86_400_000,
    ...change,
  };
}

export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/** A device with one shell on a clock of its own: timers and reloads happen in `pass`. */
export class Terminal {
  device: SimDevice;
  shell: SimShell;
  nowMs = startMs;
  reloads = 0;
  dead: string | undefined;
  readonly mutations: string[] = [];
  private due: { name: string; atMs: number }[] = [];
  private reloadAtMs: number | undefined;

  constructor(change: Partial<SimSeed> = {}) {
    this.device = freeze(personality.create(freeze(seed(change))));
    this.shell = freeze(personality.login(this.device));
  }

  private readonly chance = () => 0.5;

  get context() {
    return { nowMs: this.nowMs, chance: this.chance };
  }

  get prompt(): string {
    return personality.prompt(this.device, this.shell);
  }

  /** Everything that one line (or key) prints. Slow output takes its time. */
  send(text: string): string {
    const answer = personality.line(this.device, this.shell, text, this.context);
    this.device = freeze(answer.device);
    this.shell = freeze(answer.shell);
    if (answer.mutation !== undefined) this.mutations.push(answer.mutation);
    const prints = answer.effects.filter((effect) => effect.kind === 'print');
    this.take(answer.effects);
    const slowMs = Math.max(0, ...prints.map((effect) => effect.delayMs ?? 0));
    if (slowMs > 0) this.pass(slowMs);
    return prints.map((effect) => effect.text).join('');
  }

  private take(effects: readonly SimEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'timer' || effect.kind === 'cancel-timer') {
        this.due = this.due.filter((timer) => timer.name !== effect.name);
      }
      if (effect.kind === 'timer') {
        this.due.push({ name: effect.name, atMs: this.nowMs + effect.delayMs });
      }
      if (effect.kind === 'reload') this.reloadAtMs = this.nowMs + effect.delayMs;
    }
  }

  private goDown(): void {
    this.reloadAtMs = undefined;
    this.due = [];
    const boot = personality.boot(this.device, this.context);
    if (boot.kind === 'never') {
      this.dead = boot.why;
      this.device = freeze({ ...boot.device, power: 'dead' as const });
      return;
    }
    this.nowMs += boot.afterMs;
    this.reloads += 1;
    this.device = freeze({ ...boot.device, power: 'up' as const, powerSinceMs: this.nowMs });
    this.shell = freeze(personality.login(this.device));
    this.take(boot.effects);
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let round = 0; round < 50; round += 1) {
      const next = this.due.toSorted((a, b) => a.atMs - b.atMs)[0];
      const atMs = Math.min(next?.atMs ?? Infinity, this.reloadAtMs ?? Infinity);
      if (atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (atMs === this.reloadAtMs) this.goDown();
      else if (next !== undefined) {
        this.due = this.due.filter((timer) => timer !== next);
        const answer = personality.timer(this.device, next.name, this.context);
        this.device = freeze(answer.device);
        this.take(answer.effects);
      }
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** Puts a file on the active's flash, as an upload does. */
  put(file: SimFile): void {
    const members = this.device.members.map((member) =>
      member.role === 'active'
        ? { ...member, flash: { ...member.flash, files: [...member.flash.files, file] } }
        : member,
    );
    this.device = freeze({ ...this.device, members });
  }

  fault(...faults: string[]): void {
    this.device = freeze({ ...this.device, faults });
  }
}
