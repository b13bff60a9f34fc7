/**
 * What of the plan may stand in a card, as `<name>`. `boot`: what the device booted before, as its loader names it.
 * `serials`: of all members, in the plan's order.
 */
export const CARD_HOLES = [
  'unit',
  'address',
  'serials',
  'old version',
  'new version',
  'boot',
  'old image',
  'new image',
] as const;

export type CardHole = (typeof CARD_HOLES)[number];

/** What a device shows on its console, and what that means. */
export interface ConsoleSight {
  readonly shows: string;
  readonly means: string;
}

export interface CardStep {
  readonly title: string;
  /** At the console, line by line; may have holes. Empty: nothing is typed. */
  readonly type: readonly string[];
}

/**
 * How a person brings a device of this platform back from its loader, at its console, when nothing else answers. Pure data:
 * the plan fills the holes. No step may erase or format anything.
 */
export interface RecoveryCard {
  /** Settings of the serial line, and where it is. */
  readonly console: readonly string[];
  readonly sights: readonly ConsoleSight[];
  /** In this order, until it is back. */
  readonly steps: readonly CardStep[];
  /** How success looks. */
  readonly success: readonly string[];
  readonly never: readonly { readonly type: string; readonly because: string }[];
  /** Addresses of the pages that this was checked against. */
  readonly sources: readonly string[];
  /** What no page confirmed. */
  readonly unconfirmed: readonly string[];
}
