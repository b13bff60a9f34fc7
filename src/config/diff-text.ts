// PLACEHOLDER so that the rest compiles: overwrite me (config author).
import type { ConfigRules } from './rules.js';
import type { ConfigTree } from './tree.js';
/** One line of a difference for people. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  /** 0 at the top level. */ readonly depth: number;
  readonly text: string;
}
export function formatDiff(
  _a: ConfigTree,
  _b: ConfigTree,
  _rules: ConfigRules,
  _o: { readonly context: number },
): readonly DiffLine[] {
  throw new Error('not yet');
}
export function diffText(line: DiffLine): string {
  return `${line.sign} ${'  '.repeat(line.depth)}${line.text}`;
}
