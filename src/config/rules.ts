import type { ConfigSyntax } from './tree.js';

/** A kind of line that says nothing about intent, by the name under which it is reported as masked. */
export interface MaskRule {
  /** `uptime`, `nvram stamp`, `hashed secret`. */
  readonly name: string;
  /** Matched against one line as the device prints it. */
  readonly match: RegExp;
  /** What the match is replaced by; undefined: the whole line is left out. */
  readonly replacement?: string;
}

/** What the tree functions must know of a platform's configuration. Data only. */
export interface ConfigRules {
  readonly syntax: ConfigSyntax;
  /** Sections, by their path joined with ` / `, whose statements mean something by their order (access lists). */
  readonly ordered: readonly RegExp[];
  /**
   * Statements that hold one value, by path joined with ` / `: a new one replaces the old one that gives the same first
   * group (`^(hostname) `, `^interface .* / (description) `). Others are added beside what is there.
   */
  readonly single: readonly RegExp[];
  /** Lines that change by themselves, taken out before anything is compared. */
  readonly masks: readonly MaskRule[];
}
