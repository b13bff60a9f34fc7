import type { PlatformId } from '../../src/driver/platform.js';
import type { SimSeed } from '../../src/driver/personality.js';
import type { Described } from '../../src/topology/topology.js';
import type { SnmpAccess } from '../../src/ports/snmp.js';
import type { FaultStrike } from './fault.js';

/** One SNMP agent: who may read. */
export interface SimAgent {
  /** Default 161. */
  readonly port?: number;
  readonly community?: string;
  readonly users?: readonly Extract<SnmpAccess, { version: 'v3' }>[];
}

export interface LabDevice extends SimSeed {
  readonly platform: PlatformId;
  /** Default 22. */
  readonly sshPort?: number;
  readonly snmp?: SimAgent;
  /** Two devices of the same seed would show the same host key; default is the device's id. */
  readonly hostKeySeed?: string;
  /** Never answers: a firewall in between. */
  readonly unreachable?: boolean;
  /** Takes any key of the right user. */
  readonly keyLogin?: boolean;
  /** Offers only algorithms of the `legacy` profile. */
  readonly legacyOnly?: boolean;
  /** Takes the password by `keyboard-interactive` alone; `code`: and then asks for a one-time code. Wire only. */
  readonly logins?: 'keyboard-interactive' | 'code';
  /** The jump host whose address SSH must come from; from elsewhere it is reset. Wire only. */
  readonly behind?: string;
  /** Nominal speed of an upload; each transfer runs at 70 to 130 % of it. Default 4 MB/s. */
  readonly uploadBps?: number;
  /** Nominal speed at which the device fetches a file by HTTP, a quarter of it by TFTP; default `uploadBps`. */
  readonly pullBps?: number;
  /** Where its network forwards TFTP to: what it asks of port 69 arrives there. Default 69. */
  readonly tftpPort?: number;
}

export interface LabEnd {
  readonly device: string;
  readonly port: string;
}

export interface LabLink {
  readonly a: LabEnd;
  readonly b: LabEnd;
}

/** An image on the controller and what it boots. Devices know it by its hash, wherever it comes from. */
export interface LabImage {
  /** The controller's path. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha512: string;
  readonly md5: string;
  readonly platform: PlatformId;
  readonly version: string;
}

/** A node that is only seen by its neighbours: always up, no login. */
export interface PassiveNode {
  readonly id: string;
  readonly hostname: string;
  readonly platform: string;
}

/** A machine that one logs in to on the way to devices; it leads to SSH of lab devices and jump hosts, no further. */
export interface LabJumpHost {
  readonly id: string;
  readonly address: string;
  /** Default 22. */
  readonly sshPort?: number;
  readonly login: { readonly username: string; readonly password: string };
  /** Takes any key of the right user. */
  readonly keyLogin?: boolean;
  /** Default is its id. */
  readonly hostKeySeed?: string;
}

/** A simulated network as data. */
export interface LabSpec {
  readonly seed: string;
  readonly startMs: number;
  readonly devices: readonly LabDevice[];
  readonly passive: readonly PassiveNode[];
  readonly links: readonly LabLink[];
  readonly images: readonly LabImage[];
  readonly faults: readonly FaultStrike[];
  /** Wire only: in process every device is reached directly. */
  readonly jumpHosts?: readonly LabJumpHost[];
  /** Its flows and what they run over; absent: no traffic is simulated. */
  readonly network?: Described;
  /** From the return of a redundancy peer until the pair is whole again. Default 300 s. */
  readonly reloadDelayMs?: number;
}
