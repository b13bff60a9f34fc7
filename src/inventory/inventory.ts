import type { Place } from '../kernel/diagnostic.js';
import type { DeviceId, Digest, PersonId, UnitId } from '../kernel/id.js';
import type { Json } from '../kernel/json.js';
import type { PlatformId } from '../driver/platform.js';
import type { SecretRef } from '../ports/secrets.js';

export type Criticality = 'low' | 'normal' | 'high' | 'critical';

/** How to log in: references only, never a secret. */
export interface SshAccess {
  readonly username: string;
  readonly port: number;
  readonly password?: SecretRef;
  readonly key?: SecretRef;
  readonly keyPassphrase?: SecretRef;
  readonly agent: boolean;
  readonly enable?: SecretRef;
  /** Old algorithms only where asked for; `platform`: where the platform declares the need. Left out: modern. */
  readonly algorithms?: 'modern' | 'legacy' | 'platform';
}

/** A machine that one logs in to on the way to devices. It inherits nothing. */
export interface JumpHost {
  readonly name: string;
  readonly host: string;
  readonly ssh: SshAccess;
}

/** A way in that does not need the unit's own network: a console server, or a management port of its own. */
export interface OutOfBand {
  readonly address: string;
  readonly port: number;
  readonly kind: 'console' | 'oob';
  /** For the person who types there: line, port of the console server, phone number. */
  readonly note?: string;
}

export type SnmpAccessRef =
  | { readonly version: 'v2c'; readonly port: number; readonly community: SecretRef }
  | {
      readonly version: 'v3';
      readonly port: number;
      readonly user: string;
      readonly authProtocol: 'sha' | 'sha256' | 'sha512' | 'md5';
      readonly authKey: SecretRef;
      readonly privProtocol: 'aes' | 'aes256b' | 'aes256r' | 'des';
      readonly privKey: SecretRef;
    };

/** One managed address, its settings resolved: own over groups (in order, parents last) over site over defaults. */
export interface Device {
  readonly id: DeviceId;
  readonly host: string;
  readonly platform?: PlatformId;
  readonly site: string;
  /** Own and inherited groups, nearest first. */
  readonly groups: readonly string[];
  readonly role?: string;
  readonly criticality: Criticality;
  readonly ssh: SshAccess;
  /** Jump hosts on the way, the nearest to us first; left out: reached directly. */
  readonly jump?: readonly JumpHost[];
  readonly snmp?: SnmpAccessRef;
  readonly vars: Readonly<Record<string, Json>>;
  readonly place: Place;
}

/** The unit of change. By default each device is a unit of its own name. */
export interface Unit {
  readonly id: UnitId;
  /** The device by whose address the unit is driven. */
  readonly device: Device;
  /** Serials that may answer; empty: pinned from the first fingerprint. */
  readonly serials: readonly string[];
  readonly redundancyGroup?: string;
  /** Windows by name, own or inherited; empty: the playbook's. */
  readonly windows: readonly string[];
  /** Does the playbook drain this unit first, when the platform can? Default true. */
  readonly drain: boolean;
  readonly outOfBand?: OutOfBand;
}

export interface Group {
  readonly name: string;
  readonly parents: readonly string[];
}

export interface Site {
  readonly name: string;
  /** IANA zone. */
  readonly timeZone: string;
  readonly windows: readonly string[];
  /** Where the devices of this site fetch images from, if they fetch. */
  readonly imageServer?: ImageServerSite;
  /** Limits that all transfers to this site share; absent: none. */
  readonly transfer?: TransferSite;
}

export interface ImageServerSite {
  /** Our own address as the devices reach it; absent: the one that leads to the device. */
  readonly address?: string;
  /** 0: any free port. */
  readonly httpPort: number;
  readonly tftpPort: number;
}

export interface TransferSite {
  /** All transfers together. */
  readonly bytesPerSecond?: number;
  /** Transfers at once. */
  readonly parallel?: number;
}

export interface LinkEnd {
  readonly device: DeviceId;
  readonly port: string;
}

export interface Link {
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  /** Bits a second each way; left out: never too narrow. */
  readonly capacityBps?: number;
  /** Left out: 1. */
  readonly cost?: number;
  /** The member of a stack or chassis that an end is in; left out: any. */
  readonly members?: { readonly a?: number; readonly b?: number };
}

/** What a change needs of an attachment. `desk`: where this program runs. */
export type Service = 'desk' | 'jump-host' | 'aaa' | 'image-server' | 'dns';

/** What hangs on the network and is none of its units. It carries nobody else's traffic. */
export interface Attachment {
  readonly name: string;
  readonly units: readonly UnitId[];
  /** Of each of its cables; left out: never too narrow. */
  readonly capacityBps?: number;
  readonly services: readonly Service[];
  /** The sites that it serves; empty: all. */
  readonly sites: readonly string[];
}

/** Traffic that must get through while we work. An end is a unit, a site (each of its units) or an attachment. */
export interface Flow {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Bits a second; 0: it asks for a way and no room. */
  readonly demandBps: number;
  /** May be lost at any time. */
  readonly lossPercent: number;
  /** While a unit is changed, all of it may be lost for so long; 0: never. */
  readonly outageMs: number;
  /** A program and its arguments that prints the loss in percent; left out: nothing measures it. */
  readonly probe?: string;
}

/** Units that must never be down together. `minHealthy` of them stay up. */
export interface RedundancyGroup {
  readonly name: string;
  readonly units: readonly UnitId[];
  readonly minHealthy: number;
}

export type DstRule = 'skip' | 'shift' | 'fail';

/** Recurring (`rrule`, site time) or one-off (`start` and `end`). */
export type WindowRule =
  | {
      readonly kind: 'recurring';
      readonly name: string;
      /** RFC 5545 rule without DTSTART: `FREQ=WEEKLY;BYDAY=SU`. */
      readonly rrule: string;
      /** Site-local start, `22:00`. */
      readonly at: string;
      readonly durationMs: number;
      readonly dst: DstRule;
      /** Fixed zone; default is the unit's site's. */
      readonly timeZone?: string;
      /** Only copying is allowed in it. */
      readonly stagingOnly?: true;
    }
  | {
      readonly kind: 'once';
      readonly name: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly stagingOnly?: true;
    };

/** Nothing may change in it; wins over every window. `sites` empty: everywhere. */
export interface Freeze {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly sites: readonly string[];
  readonly reason: string;
}

/** A firmware file, with the identity that people vouch for. */
export interface ImageEntry {
  readonly name: string;
  readonly platform: PlatformId;
  /** Globs over the model; empty: any model of the platform. */
  readonly models: readonly string[];
  readonly version: string;
  /** Absolute, or relative to the inventory folder; resolved. */
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha512: string;
  readonly md5: string;
  /** Globs over the running version that it may be installed on directly; empty: any. */
  readonly from: readonly string[];
  /** The approved version for its platform and models. */
  readonly golden: boolean;
}

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly role: 'engineer' | 'supervisor' | 'vice-president';
  /** `ssh-ed25519 AAAA...`; without it this person cannot sign. */
  readonly publicKey?: string;
  /** Where notices reach this person. */
  readonly mail?: string;
  readonly mayApprove: boolean;
}

/** Everything declared, checked against itself. Lists sorted by name. */
export interface Inventory {
  readonly directory: string;
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
  readonly sites: readonly Site[];
  readonly links: readonly Link[];
  readonly redundancyGroups: readonly RedundancyGroup[];
  readonly windows: readonly WindowRule[];
  readonly freezes: readonly Freeze[];
  readonly images: readonly ImageEntry[];
  readonly people: readonly Person[];
  /** Left out: there are none. */
  readonly jumpHosts?: readonly JumpHost[];
  readonly attachments?: readonly Attachment[];
  readonly flows?: readonly Flow[];
  /** Over everything above but the directory. */
  readonly digest: Digest;
}
