import type { JsonObject } from './json.js';

/**
 * Gives a stored value its type back. Only for what Nightshift itself wrote and whose integrity was just verified (the
 * journal's hash chain, a content digest): never for anything that a person or a device could have shaped.
 */
export function recall<T>(value: unknown): T {
  return value as T;
}

/** A readonly record of ours as the JSON object that it is. */
export function toJson(value: object): JsonObject {
  return value as JsonObject;
}
