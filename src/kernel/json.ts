import canonicalize from 'canonicalize';

/** What JSON can hold; the only shape that goes into plans, journals and digests. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** RFC 8785 canonical JSON: the same value gives the same bytes, whatever the key order. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}
