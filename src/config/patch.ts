import { patchBlocks } from './patch-blocks.js';
import { patchFlat } from './patch-flat.js';
import { patchIndented } from './patch-indented.js';
import type { ConfigRules } from './rules.js';
import type { ConfigTree } from './tree.js';

/**
 * What to type in configuration mode so that `before` becomes `after`; nothing when they say the same. Sections are
 * entered and left by lines of their own, indented for the reader. Pass trees of unmasked text: a masked value would be
 * typed as it stands. A value over several lines is several lines here too.
 */
export function patchLines(
  before: ConfigTree,
  after: ConfigTree,
  rules: ConfigRules,
): readonly string[] {
  const lines = linesFor(before, after, rules);
  return lines.some((each) => each.includes('\n')) ? lines.join('\n').split('\n') : lines;
}

function linesFor(before: ConfigTree, after: ConfigTree, rules: ConfigRules): string[] {
  if (rules.syntax === 'indented') return patchIndented(before, after, rules);
  if (rules.syntax === 'blocks') return patchBlocks(before, after, rules);
  return patchFlat(before, after, rules);
}
