// PLACEHOLDER so that the rest compiles: overwrite me (config author).
import type { ConfigRules } from './rules.js';
import type { ConfigTree } from './tree.js';
export function patchLines(_a: ConfigTree, _b: ConfigTree, _rules: ConfigRules): readonly string[] {
  throw new Error('not yet');
}
