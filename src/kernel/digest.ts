import { createHash } from 'node:crypto';
import type { Digest } from './id.js';
import { canonicalJson } from './json.js';

/** SHA-256 over the bytes of `text` (UTF-8), as `sha256:<hex>`. */
export function digestText(text: string): Digest {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}` as Digest;
}

/** SHA-256 over the canonical JSON of `value`: equal values, equal digests. */
export function digestOf(value: unknown): Digest {
  return digestText(canonicalJson(value));
}

/** The first twelve hex digits: what people read and type. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
