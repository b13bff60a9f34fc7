import type { FileSource } from '../ports/dialer.js';
import type { CliSession } from '../session/dialect.js';
import type { ConfigRules } from '../config/rules.js';
import type { ConfigSupport } from './config-support.js';
import type { ClockReader } from './device-clock.js';
import type { Facts, Snapshot } from './facts.js';
import type { Platform, PlatformId } from './platform.js';
import type { UpgradeProposal } from './proposal.js';
import type { RecoveryCard } from './recovery.js';
import type { StepKind } from './step.js';

/** What is known of a device before its platform is: raw text only. */
export interface Evidence {
  readonly sysDescr?: string;
  readonly sysObjectId?: string;
  /** SNMP values by dotted OID. */
  readonly oids?: Readonly<Record<string, string>>;
  readonly banner?: string;
  readonly prompt?: string;
  /** Command outputs by command. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** How sure a driver is, and by what. What it can read of identity comes with it. */
export interface Match {
  readonly confidence: 'certain' | 'likely' | 'possible';
  readonly reason: string;
  readonly version?: string;
  readonly model?: string;
  readonly serials?: readonly string[];
  readonly hostname?: string;
}

/** A version: `normal` is what people and files write; equal versions have equal normal forms. */
export interface Version {
  readonly normal: string;
  readonly train: string;
  readonly hotfix?: string;
}

export interface Versions {
  /** As the vendor writes it and as the device prints it; undefined for what is no version of this platform. */
  parse(text: string): Version | undefined;
  /** Negative, zero, positive; undefined when no order may be inferred. */
  compare(a: Version, b: Version): number | undefined;
}

/** What an upgrade is to achieve. */
export interface UpgradeTarget {
  readonly version: string;
  /** File name on the device is `image.fileName`. */
  readonly image: UpgradeImage;
  /** Does the unit drain before and undrain after? */
  readonly drain: boolean;
}

export interface UpgradeImage extends FileSource {
  readonly name: string;
  readonly fileName: string;
  readonly version: string;
}

/** Everything Nightshift knows of a vendor's platform. */
export interface Driver {
  readonly platform: Platform;
  /** Undefined: this is not mine. Never throws on any text. */
  recognise(evidence: Evidence): Match | undefined;
  /** The read-only commands whose output `recognise` wants, in order. */
  readonly identifyCommands: readonly string[];
  facts(session: CliSession): Promise<Facts>;
  readonly versions: Versions;
  snapshot(session: CliSession): Promise<Snapshot>;
  readConfig(session: CliSession, which: 'running' | 'startup'): Promise<string>;
  /** `text` without the lines that change by themselves (time stamps, counters), for digests. */
  maskConfig(text: string): string;
  upgrade(target: UpgradeTarget, facts: Facts): UpgradeProposal;
  /** How its configuration is read and compared; `config.rules` where it can be patched too. */
  readonly configRules?: ConfigRules;
  /** Undefined: this platform's configuration cannot be patched yet. */
  readonly config?: ConfigSupport;
  /**
   * What `facts` would say after the upgrade: a further hop is planned from it. Version and free space of the members are
   * set already. Undefined: nothing else changes.
   */
  afterUpgrade?(target: UpgradeTarget, expected: Facts): Facts;
  /** Undefined: its clock cannot be read. */
  readonly clock?: ClockReader;
  /** How a person brings a device back from its loader. */
  readonly recovery?: RecoveryCard;
  /** By `kind@version`. */
  readonly stepKinds: readonly StepKind[];
}

export type DriverLoaders = Readonly<
  Record<PlatformId, () => Promise<{ readonly driver: Driver }>>
>;
