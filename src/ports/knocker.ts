import type { Endpoint } from './dialer.js';

export type KnockOutcome =
  /** Something listens. `greeting` is the first line it sent by itself, if it sent one. */
  | { readonly kind: 'answers'; readonly greeting: string }
  | { readonly kind: 'silent'; readonly detail: string };

/** Finds out whether something listens, without saying a word to it. Never throws for what a network does. */
export interface Knocker {
  /** `timeoutMs` is monotonic and bounds the whole of it. */
  knock(endpoint: Endpoint, timeoutMs: number): Promise<KnockOutcome>;
}
