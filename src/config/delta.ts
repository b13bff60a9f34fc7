import type { ConfigPath } from './tree.js';

/** What differs between two configurations: pure JSON, so that a plan can hold it. */
export interface ConfigDelta {
  /** Statements that only the new one has, leaf by leaf; an added section without content stands for itself. */
  readonly added: readonly ConfigPath[];
  /** Statements that only the old one has. */
  readonly removed: readonly ConfigPath[];
  /** Sections whose order matters and that differ, with their statements as they shall be, and as they were. */
  readonly ordered: readonly {
    readonly path: ConfigPath;
    readonly before: readonly string[];
    readonly after: readonly string[];
  }[];
}

/** Is there no difference? */
export function isEmptyDelta({ added, removed, ordered }: ConfigDelta): boolean {
  return added.length + removed.length + ordered.length === 0;
}
