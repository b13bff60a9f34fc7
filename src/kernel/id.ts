declare const brand: unique symbol;

/** A string that has been through the one place that may make it. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

export type DeviceId = Branded<string, 'DeviceId'>;
export type UnitId = Branded<string, 'UnitId'>;
export type RunId = Branded<string, 'RunId'>;
export type PersonId = Branded<string, 'PersonId'>;
/** `sha256:` and 64 hex digits over the canonical JSON of a value. */
export type Digest = Branded<string, 'Digest'>;
/** The digest of a plan, and the plan's only name. */
export type PlanDigest = Branded<string, 'PlanDigest'>;
/** Milliseconds since 1970-01-01T00:00Z. */
export type InstantMs = number;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** True for what may name a device, unit, group, site or person: 1 to 64 of letters, digits, dot, dash, underscore. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

export const deviceId = (text: string): DeviceId => text as DeviceId;
export const unitId = (text: string): UnitId => text as UnitId;
export const runId = (text: string): RunId => text as RunId;
export const personId = (text: string): PersonId => text as PersonId;
export const planDigest = (digest: Digest): PlanDigest => digest as string as PlanDigest;
