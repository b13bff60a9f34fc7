import { isEmptyDelta } from './delta.js';
import { diffConfig } from './diff.js';
import { formatDiff, type DiffLine } from './diff-text.js';
import type { ConfigFinding } from './finding.js';
import { maskConfig, type MaskedLine } from './mask.js';
import { parseConfig } from './parse.js';
import { patchLines } from './patch.js';
import type { ConfigRules } from './rules.js';
import type { ConfigTree } from './tree.js';

/** Two configurations held against each other. */
export interface ConfigComparison {
  /** Do they say the same, apart from what is masked? */
  readonly same: boolean;
  /** The difference without what is masked. */
  readonly diff: readonly DiffLine[];
  /** What to type in configuration mode to come from the first to the second, with the values as they are. */
  readonly patch: readonly string[];
  /** What was masked in either, for the reader to see. */
  readonly masked: readonly (MaskedLine & { readonly of: 'before' | 'after' })[];
}

/** Findings of a text, and which of the two it is. */
export interface ConfigObjection extends ConfigFinding {
  readonly of: 'before' | 'after';
}

export type Compared =
  | { readonly kind: 'compared'; readonly comparison: ConfigComparison }
  | { readonly kind: 'malformed'; readonly objections: readonly ConfigObjection[] };

export interface ConfigTexts {
  readonly before: string;
  readonly after: string;
}

export interface CompareOptions {
  /** Unchanged statements shown beside a change. */
  readonly context: number;
}

type Trees = Readonly<Record<'before' | 'after', ConfigTree>>;

/** Compares two configurations of one platform, given as text. */
export function compareConfigs(
  texts: ConfigTexts,
  rules: ConfigRules,
  options: CompareOptions,
): Compared {
  const objections: ConfigObjection[] = [];
  const masked = {
    before: maskConfig(texts.before, rules),
    after: maskConfig(texts.after, rules),
  };
  const shown = read({ before: masked.before.text, after: masked.after.text }, rules, objections);
  if (objections.length > 0) return { kind: 'malformed', objections };
  const typed = read(
    {
      before: maskConfig(texts.before, rules, 'lines').text,
      after: maskConfig(texts.after, rules, 'lines').text,
    },
    rules,
    objections,
  );
  if (objections.length > 0) return { kind: 'malformed', objections };
  const comparison = {
    same: isEmptyDelta(diffConfig(shown.before, shown.after, rules)),
    diff: formatDiff(shown.before, shown.after, rules, options),
    patch: patchLines(typed.before, typed.after, rules),
    masked: (['before', 'after'] as const).flatMap((of) =>
      masked[of].masked.map((each) => ({ ...each, of })),
    ),
  };
  return { kind: 'compared', comparison };
}

function read(texts: ConfigTexts, rules: ConfigRules, objections: ConfigObjection[]): Trees {
  const treeOf = (of: 'before' | 'after'): ConfigTree => {
    const parsed = parseConfig(texts[of], rules);
    if (parsed.kind === 'tree') return parsed.tree;
    objections.push(...parsed.findings.map((each) => ({ ...each, of })));
    return { syntax: rules.syntax, nodes: [] };
  };
  return { before: treeOf('before'), after: treeOf('after') };
}
