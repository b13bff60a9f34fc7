// PLACEHOLDER so that the rest compiles: overwrite me (config author).
import type { ConfigDelta } from './delta.js';
import type { ConfigTree } from './tree.js';
export function changeState(
  _tree: ConfigTree,
  _delta: ConfigDelta,
): {
  readonly kind: 'before' | 'after' | 'between';
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
} {
  throw new Error('not yet');
}
