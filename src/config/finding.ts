import type { ConfigTree } from './tree.js';

/** What makes a configuration or a patch unreadable, with its 1-based line. */
export interface ConfigFinding {
  readonly line: number;
  readonly why: string;
}

/** A tree, or all that speaks against the text. */
export type ParsedConfig =
  | { readonly kind: 'tree'; readonly tree: ConfigTree }
  | { readonly kind: 'malformed'; readonly findings: readonly ConfigFinding[] };

/** What is read at most; more is malformed. */
export const configLimits = {
  bytes: 32 * 1024 * 1024,
  lines: 500_000,
  depth: 100,
  findings: 50,
} as const;

/** Collects findings up to the limit, so that hostile text cannot fill the memory with them. */
export interface Findings {
  readonly list: ConfigFinding[];
  add(line: number, why: string): void;
}

export function makeFindings(): Findings {
  const list: ConfigFinding[] = [];
  return {
    list,
    add(line, why) {
      if (list.length < configLimits.findings) list.push({ line, why });
    },
  };
}
