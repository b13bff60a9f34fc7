/** How a platform writes its configuration: by indentation, in braces, as flat `set` lines, or in config/edit blocks. */
export type ConfigSyntax = 'indented' | 'braces' | 'set' | 'blocks';

/** One statement, its text normalised (single spaces outside quotes, no terminator). A leaf has no children. */
export interface ConfigNode {
  readonly text: string;
  readonly children: readonly ConfigNode[];
  /** 1-based line of the source; 0 for a node that was made, not read. */
  readonly line: number;
}

/**
 * A whole configuration. Braces and `set` lines give the same tree, one word a level (`interfaces`, `ge-0/0/0`, `unit`,
 * `0`): the tree is the set of its leaf paths, and a statement that is switched off has a leaf `inactive:` under it.
 */
export interface ConfigTree {
  readonly syntax: ConfigSyntax;
  readonly nodes: readonly ConfigNode[];
}

/** The texts from the top-level section down to a statement. */
export type ConfigPath = readonly string[];
