/** A broken promise inside Nightshift itself: never a device's or a user's fault. Stops that unit's run and no other. */
export class AssertionFault extends Error {
  override readonly name = 'AssertionFault';
}

/** Throws AssertionFault unless `condition` holds. For our own bugs only; outside input gets a Diagnostic or a Fault. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFault(message);
}
