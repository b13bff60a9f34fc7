// PLACEHOLDER so that the rest compiles: overwrite me (config author).
import type { ParsedConfig } from './finding.js';
import type { ConfigRules } from './rules.js';
import type { ConfigTree } from './tree.js';
export function applyLines(
  _tree: ConfigTree,
  _lines: readonly string[],
  _rules: ConfigRules,
): ParsedConfig {
  throw new Error('not yet');
}
