// PLACEHOLDER so that the rest compiles: overwrite me (config author).
import type { ConfigDelta } from './delta.js';
import type { ConfigRules } from './rules.js';
import type { ConfigTree } from './tree.js';
export function diffConfig(_a: ConfigTree, _b: ConfigTree, _rules: ConfigRules): ConfigDelta {
  throw new Error('not yet');
}
