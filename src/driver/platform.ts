import type { TransferMethod } from '../ports/dialer.js';
import type { Dialect } from '../session/dialect.js';

/** The field's usual names; a driver's folder, data and output carry the same. */
export type PlatformId = string;

export type Capability =
  | 'candidate-config'
  | 'commit-confirmed'
  | 'hot-patch'
  | 'in-service-upgrade'
  | 'dual-bank-boot'
  | 'drain'
  | 'isolate';

/** A platform as data. `plan` reasons with the declarations, `session` with the dialect. */
export interface Platform {
  readonly id: PlatformId;
  readonly vendor: string;
  readonly family: string;
  readonly dialect: Dialect;
  /** Dotted prefixes of sysObjectID that this platform answers with. Evidence, not proof. */
  readonly sysObjectIds: readonly string[];
  /** `legacy` where supported releases still need it. */
  readonly algorithms: 'modern' | 'legacy';
  readonly capabilities: readonly Capability[];
  readonly transfer: readonly TransferMethod[];
  /** Can an image lie on the device without any effect until it is activated? */
  readonly stagesWithoutEffect: boolean;
  readonly integrity: 'hash-on-device' | 'vendor-signature';
  /** How many upgrades back a rollback reaches. */
  readonly rollbackReach: number;
  /** Where an uncommitted upgrade reverts by itself, its time; undefined where there is no such timer. */
  readonly commitTimerMs?: number;
  readonly timing: {
    readonly loginMs: number;
    readonly commandIdleMs: number;
    readonly commandTotalMs: number;
    /** From reload to login, usual and worst. */
    readonly reloadExpectedMs: number;
    readonly reloadMaxMs: number;
    /** Upload speed to expect and the slowest that is still borne, bytes a second. */
    readonly uploadExpectedBps: number;
    readonly uploadMinBps: number;
  };
}
