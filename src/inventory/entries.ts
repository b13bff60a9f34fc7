import type { DocumentPath } from '../document/document.js';
import type { Place } from '../kernel/diagnostic.js';
import type { Json } from '../kernel/json.js';
import type {
  Attachment,
  Criticality,
  DstRule,
  ImageServerSite,
  OutOfBand,
  Person,
  SnmpAccessRef,
  SshAccess,
  TransferSite,
} from './inventory.js';

type SnmpV3 = Extract<SnmpAccessRef, { version: 'v3' }>;

export interface SnmpEntry {
  readonly version?: 'v2c' | 'v3';
  readonly port?: number;
  readonly community?: string;
  readonly user?: string;
  readonly authProtocol?: SnmpV3['authProtocol'];
  readonly authKey?: string;
  readonly privProtocol?: SnmpV3['privProtocol'];
  readonly privKey?: string;
}

/** What may be inherited. */
export interface Settings {
  readonly platform?: string;
  readonly role?: string;
  readonly criticality?: Criticality;
  readonly site?: string;
  readonly ssh?: Partial<SshAccess>;
  /** Names of jump hosts, the nearest to us first. */
  readonly jump?: readonly string[];
  readonly snmp?: SnmpEntry;
  readonly windows?: readonly string[];
  readonly drain?: boolean;
  readonly vars?: Readonly<Record<string, Json>>;
}

export interface DeviceEntry extends Settings {
  readonly host: string;
  readonly groups?: readonly string[];
  readonly serials?: readonly string[];
  readonly outOfBand?: OutOfBandEntry;
}

export interface OutOfBandEntry {
  readonly address: string;
  readonly port?: number;
  readonly kind: OutOfBand['kind'];
  readonly note?: string;
}

export interface JumpHostEntry {
  readonly host: string;
  readonly ssh: Partial<SshAccess>;
}

export interface GroupEntry extends Settings {
  readonly parents?: readonly string[];
}

export interface SiteEntry extends Settings {
  readonly timeZone: string;
  readonly imageServer?: Partial<ImageServerSite>;
  readonly transfer?: TransferSite;
}

export interface UnitEntry {
  readonly device?: string;
  readonly serials?: readonly string[];
  readonly windows?: readonly string[];
  readonly drain?: boolean;
  readonly outOfBand?: OutOfBandEntry;
}

export interface LinkEntry {
  readonly a: string;
  readonly b: string;
  readonly capacity?: string;
  readonly cost?: number;
  readonly members?: { readonly a?: number; readonly b?: number };
}

export interface AttachmentEntry {
  readonly units: readonly string[];
  readonly capacity?: string;
  readonly services?: Attachment['services'];
  readonly sites?: readonly string[];
}

export interface FlowEntry {
  readonly from: string;
  readonly to: string;
  readonly demand?: string;
  readonly loss?: number;
  readonly outage?: string;
  readonly probe?: string;
}

export interface RedundancyEntry {
  readonly units: readonly string[];
  readonly minHealthy?: number;
}

export interface WindowEntry {
  readonly rrule?: string;
  readonly at?: string;
  readonly duration?: string;
  readonly dst?: DstRule;
  readonly timeZone?: string;
  readonly start?: string;
  readonly end?: string;
  readonly for?: 'change' | 'staging';
}

export interface FreezeEntry {
  readonly start: string;
  readonly end: string;
  readonly sites?: readonly string[];
  readonly reason: string;
}

export interface ImageFileEntry {
  readonly platform: string;
  readonly models?: readonly string[];
  readonly version: string;
  readonly path: string;
  readonly fileName?: string;
  readonly sizeBytes: number;
  readonly sha512: string;
  readonly md5: string;
  readonly from?: readonly string[];
  readonly golden?: boolean;
}

export interface PersonEntry {
  readonly name: string;
  readonly role: Person['role'];
  readonly publicKey?: string;
  readonly mail?: string;
  readonly mayApprove?: boolean;
}

/** One entry of a file, and where its parts stand. */
export interface Declared<T> {
  readonly name: string;
  readonly value: T;
  /** The place of the entry's name. */
  readonly place: Place;
  /** The place of a value inside the entry; the nearest around it when it is not there. */
  readonly at: (...path: DocumentPath) => Place;
}

/** Everything in the folder, each file held against its schema, nothing resolved yet. */
export interface Declarations {
  readonly devices: readonly Declared<DeviceEntry>[];
  readonly groups: readonly Declared<GroupEntry>[];
  readonly sites: readonly Declared<SiteEntry>[];
  readonly units: readonly Declared<UnitEntry>[];
  readonly links: readonly Declared<LinkEntry>[];
  readonly redundancy: readonly Declared<RedundancyEntry>[];
  readonly attachments: readonly Declared<AttachmentEntry>[];
  readonly flows: readonly Declared<FlowEntry>[];
  readonly windows: readonly Declared<WindowEntry>[];
  readonly freezes: readonly Declared<FreezeEntry>[];
  readonly images: readonly Declared<ImageFileEntry>[];
  readonly people: readonly Declared<PersonEntry>[];
  readonly jumpHosts: readonly Declared<JumpHostEntry>[];
  readonly defaults: Declared<Settings>;
}
