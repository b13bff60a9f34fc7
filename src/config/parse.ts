import { parseBlocks } from './blocks.js';
import { formatBraces, parseBraces } from './braces.js';
import { formatBlocks } from './blocks.js';
import type { ParsedConfig } from './finding.js';
import { formatIndented, parseIndented } from './indented.js';
import type { ConfigRules } from './rules.js';
import { formatSetLines } from './set-lines.js';
import type { ConfigTree } from './tree.js';

/**
 * Reads a configuration as its platform prints it. Comments, separators, byte order marks, Windows line ends and prompts
 * behind the text are left out; text in braces and in `set` lines gives the same tree, whichever form it has. Anything
 * that cannot be read, or is beyond `configLimits`, is told by line; nothing throws.
 */
export function parseConfig(text: string, rules: ConfigRules): ParsedConfig {
  if (rules.syntax === 'indented') return parseIndented(text, rules);
  return rules.syntax === 'blocks' ? parseBlocks(text, rules) : parseBraces(text, rules);
}

/** The configuration as its platform writes it; reading the text again gives the same tree. */
export function formatConfig(tree: ConfigTree, rules: ConfigRules): string {
  if (rules.syntax === 'indented') return formatIndented(tree, rules);
  if (rules.syntax === 'blocks') return formatBlocks(tree, rules);
  return rules.syntax === 'set' ? formatSetLines(tree) : formatBraces(tree, rules);
}
