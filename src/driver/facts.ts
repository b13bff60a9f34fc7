import type { PlatformId } from './platform.js';

export interface FlashFact {
  /** As the device names it: `flash:`, `flash-2:`. */
  readonly fileSystem: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** One chassis of a unit: a stack member, a supervisor, or the device itself. */
export interface MemberFact {
  readonly id: string;
  readonly role: 'active' | 'standby' | 'member';
  readonly model: string;
  readonly serial: string;
  /** As the device prints it. */
  readonly version: string;
  /** `ready`, or the device's own word in lower case. */
  readonly state: string;
  readonly flash?: FlashFact;
  readonly manualBoot?: boolean;
}

/** Who a unit is and what it runs: what a plan is made from and held against. Unknown is left out, never guessed. */
export interface Facts {
  readonly platform: PlatformId;
  readonly hostname: string;
  readonly model: string;
  /** Of all members, sorted. */
  readonly serials: readonly string[];
  /** Normal form of the driver's `versions`. */
  readonly runningVersion: string;
  readonly runningImage?: string;
  /** What the next boot loads, as the device names it. */
  readonly nextBoot?: string;
  readonly bootMode?: 'install' | 'bundle' | 'image';
  readonly members: readonly MemberFact[];
  readonly uptimeMs?: number;
  /** What driver and planner need beyond: text, numbers, flags. Named in the driver's NOTES. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** Vendor-neutral operational state, for checks and before/after comparison. Lists sorted by id. */
export interface Snapshot {
  readonly version: string;
  readonly uptimeMs: number;
  /** Host names that the unit may answer by, where its members have their own; sorted. Left out: only the one. */
  readonly names?: readonly string[];
  readonly interfaces: readonly {
    readonly id: string;
    readonly admin: 'up' | 'down';
    readonly oper: 'up' | 'down';
  }[];
  /** LLDP/CDP. `id` is `<local port>|<remote system>|<remote port>`. */
  readonly neighbours: readonly {
    readonly id: string;
    readonly port: string;
    readonly system: string;
    readonly remotePort: string;
  }[];
  /** Routing adjacencies. `id` is `<protocol>|<peer>`; `up` means full or established. */
  readonly peers: readonly {
    readonly id: string;
    readonly protocol: 'ospf' | 'bgp' | 'isis';
    readonly peer: string;
    readonly state: string;
    readonly up: boolean;
  }[];
  readonly routes: { readonly total: number };
  readonly cpu: { readonly percent: number };
  readonly memory: { readonly usedPercent: number };
  /** `ok` is false when the device reports a failed fan, supply or temperature. */
  readonly environment: { readonly ok: boolean; readonly problems: readonly string[] };
  /** Redundancy of the unit itself (stack, MLAG, HA). `healthy` also when there is none (`kind: none`). */
  readonly ha: {
    readonly kind: string;
    readonly role: string;
    readonly state: string;
    readonly healthy: boolean;
    readonly members: readonly { readonly id: string; readonly state: string }[];
  };
}
