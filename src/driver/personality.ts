import type { PlatformId } from './platform.js';

/** A file in a simulated flash. Content is never stored: its identity is. */
export interface SimFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hex of the true content; a corrupt copy has others. */
  readonly sha512: string;
  readonly md5: string;
  /** What an image file would boot; absent for any other file. */
  readonly image?: { readonly platform: PlatformId; readonly version: string };
  readonly modifiedAtMs: number;
}

export interface SimFlash {
  readonly fileSystem: string;
  readonly totalBytes: number;
  readonly files: readonly SimFile[];
}

export interface SimMember {
  readonly id: string;
  readonly role: 'active' | 'standby' | 'member';
  readonly model: string;
  readonly serial: string;
  readonly macAddress: string;
  readonly flash: SimFlash;
}

/** A port and what it is cabled to. The network model keeps `oper` and the remote side true. */
export interface SimPort {
  readonly name: string;
  readonly description: string;
  readonly admin: 'up' | 'down';
  readonly oper: 'up' | 'down';
  /** The device itself took it out of service. */
  readonly isErrDisabled?: true;
  readonly remote?: { readonly system: string; readonly port: string; readonly platform: string };
}

/** A routing adjacency; the network model moves `up` with its timers. */
export interface SimPeer {
  readonly protocol: 'ospf' | 'bgp';
  readonly address: string;
  readonly routerId: string;
  readonly system: string;
  readonly port: string;
  readonly remoteAs?: number;
  readonly up: boolean;
  readonly sinceMs: number;
  readonly prefixes: number;
  /** While it is down: where on the way up it stands still. */
  readonly stuck?: 'exstart';
}

/** MLAG and the like, as the network model sees it. */
export interface SimRedundancy {
  readonly kind: 'none' | 'mlag';
  readonly domain: string;
  readonly role: 'primary' | 'secondary';
  readonly peerSystem: string;
  readonly peerAddress: string;
  readonly peerUp: boolean;
}

/** The state of a simulated device: plain data, replaced, never changed in place. */
export interface SimDevice {
  readonly id: string;
  readonly platform: PlatformId;
  readonly hostname: string;
  readonly model: string;
  readonly address: string;
  readonly members: readonly SimMember[];
  readonly power: 'up' | 'going-down' | 'booting' | 'dead';
  /** Since when in this power state; while up: when it came up. */
  readonly powerSinceMs: number;
  readonly bootCount: number;
  readonly runningVersion: string;
  readonly runningImage: string;
  readonly runningConfig: string;
  readonly startupConfig: string;
  /** The personality's own: boot variable, install packages, commit timer, maintenance mode. JSON only. */
  readonly own: Readonly<Record<string, unknown>>;
  readonly ports: readonly SimPort[];
  readonly peers: readonly SimPeer[];
  readonly redundancy: SimRedundancy;
  readonly cpuPercent: number;
  /** Is traffic drained away by the operator? */
  readonly drained: boolean;
  /** Ids of the faults that are in force on this device now. */
  readonly faults: readonly string[];
  readonly login: {
    readonly username: string;
    readonly password: string;
    readonly enable?: string;
  };
}

/** What a shell of the simulated device is in: mode and an open question. */
export interface SimShell {
  readonly mode: string;
  /** Set while the device waits for an answer; `key` questions take one key without a carriage return. */
  readonly question?: {
    readonly id: string;
    readonly takes: 'line' | 'key';
    readonly hidden?: boolean;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly paging: boolean;
}

/** What comes of a line or a timer. All of it takes effect at once, but for `delayMs` and timers. */
export type SimEffect =
  /** Text to the shell that asked, after `delayMs` (slow commands). CRLF line ends. */
  | { readonly kind: 'print'; readonly text: string; readonly delayMs?: number }
  /** A log line to every open shell. */
  | { readonly kind: 'log'; readonly text: string }
  /** Wakes the personality with `timer(name)` after `delayMs`; a second one of the same name replaces the first. */
  | { readonly kind: 'timer'; readonly name: string; readonly delayMs: number }
  | { readonly kind: 'cancel-timer'; readonly name: string }
  /** The device goes down after `delayMs`, is away for the boot plan's time and comes back. */
  | { readonly kind: 'reload'; readonly delayMs: number; readonly reason: string }
  | { readonly kind: 'close-shell' }
  /**
   * The device fetches a file from a server. The shell that asked gets no prompt until `pulled` has answered; what that
   * prints goes to it.
   */
  | {
      readonly kind: 'pull';
      readonly tag: string;
      readonly method: 'http' | 'tftp';
      readonly host: string;
      readonly port?: number;
      readonly path: string;
    };

export interface SimAnswer {
  readonly device: SimDevice;
  readonly shell: SimShell;
  readonly effects: readonly SimEffect[];
  /** For the lab's own truth log: did this line change the device, and how is that change called? */
  readonly mutation?: string;
}

/** How a `pull` ended. `file` has the name of the path's last part. */
export type PullResult =
  | { readonly kind: 'got'; readonly file: SimFile }
  | { readonly kind: 'failed'; readonly why: string };

/** What a boot ends in. `never` stays dead. */
export type SimBoot =
  | {
      readonly kind: 'boots';
      readonly device: SimDevice;
      readonly afterMs: number;
      readonly effects: readonly SimEffect[];
    }
  | { readonly kind: 'never'; readonly device: SimDevice; readonly why: string };

/** What the personality may ask while it answers: pure, seeded. */
export interface SimContext {
  readonly nowMs: number;
  /** In [0, 1), from the device's own stream. */
  chance(): number;
}

/** What makes a simulated device; the rest is derived by the personality. */
export interface SimSeed {
  readonly id: string;
  readonly hostname: string;
  readonly model: string;
  readonly address: string;
  readonly version: string;
  /** One a member; a single device has one. */
  readonly serials: readonly string[];
  readonly image: SimFile;
  readonly ports: readonly SimPort[];
  readonly peers: readonly SimPeer[];
  readonly redundancy: SimRedundancy;
  readonly login: SimDevice['login'];
  readonly extraConfig: string;
  /** Flash size a member; default is the model's. */
  readonly flashBytes?: number;
  readonly bootedAtMs: number;
}

/**
 * The device's own side, pure: no clock, no chance, no I/O but through the context. Shares nothing with the driver's
 * parser: both are held against the same transcripts. Each fault's wording is here, by fault id.
 */
export interface Personality {
  readonly platform: PlatformId;
  /** Command families that this personality answers, for the lab's coverage report. */
  readonly models: readonly string[];
  /** It pages long answers itself, in its own words; the lab's pager keeps out. */
  readonly pages?: 'itself';
  create(seed: SimSeed): SimDevice;
  banner(device: SimDevice): string;
  /** The shell after login. */
  login(device: SimDevice): SimShell;
  prompt(device: SimDevice, shell: SimShell): string;
  /** A complete line (without its line end), or one key while a `key` question is open. */
  line(device: SimDevice, shell: SimShell, text: string, context: SimContext): SimAnswer;
  timer(
    device: SimDevice,
    name: string,
    context: SimContext,
  ): { device: SimDevice; effects: readonly SimEffect[] };
  /** Called when a `pull` of that tag is over. Only for platforms that fetch. */
  pulled?(
    device: SimDevice,
    tag: string,
    result: PullResult,
    context: SimContext,
  ): { readonly device: SimDevice; readonly effects: readonly SimEffect[] };
  /** Called when the device has gone down: what will it boot, and how long does that take? */
  boot(device: SimDevice, context: SimContext): SimBoot;
  /** Where an uploaded path lands; undefined when the path is refused. */
  uploadTarget(
    device: SimDevice,
    remotePath: string,
  ): { readonly memberId: string; readonly fileName: string } | undefined;
  /** SNMP values by dotted OID: at least sysDescr, sysObjectID, sysUpTime, sysName, entPhysicalSerialNum. */
  mib(
    device: SimDevice,
    nowMs: number,
  ): Readonly<
    Record<
      string,
      { readonly type: 'string' | 'oid' | 'ticks' | 'integer'; readonly value: string | number }
    >
  >;
  /** A file that boots to `version`, as the vendor would name it. */
  imageFileName(version: string, model: string): string;
}

export type PersonalityLoaders = Readonly<
  Record<PlatformId, () => Promise<{ readonly personality: Personality }>>
>;
