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

/**
 * What the tree functions must know of a platform's configuration. Data only. A rule that is held against a path joined
 * with ` / ` speaks of the path's last text: where its match ends before that, it does not match.
 */
export interface ConfigRules {
  readonly syntax: ConfigSyntax;
  /** Sections, by their path joined with ` / `, whose statements mean something by their order (access lists). */
  readonly ordered: readonly RegExp[];
  /**
   * Statements that hold one value, by path joined with ` / `: a new one replaces the old one that gives the same first
   * group (`^(hostname) `, `^interface .* / (description) `), or the same groups where there are more (`(ip access-group)
   * \S+ (in|out)$`). Others are added beside what is there.
   */
  readonly single: readonly RegExp[];
  /**
   * Lines that are no configuration although configuration mode takes them: leaving it, running commands from it, saving,
   * committing, reloading. A patch that holds one is refused. Matched against the trimmed line.
   */
  readonly forbidden: readonly RegExp[];
  /** Lines that change by themselves, taken out before anything is compared. */
  readonly masks: readonly MaskRule[];
  /** Spaces of one level of indentation as the platform prints it; undefined: 1, or 4 in braces and blocks. */
  readonly indent?: number;
  /**
   * Statements of the indented syntax that open a section even when nothing is in it, by path joined with ` / `
   * (`^interface `). Needed where lines are typed without indentation, and to leave an empty section again.
   */
  readonly sections?: readonly RegExp[];
  /**
   * Statements that the platform lists as `no STATEMENT` (in blocks `unset KEY`) when they are off, by path without the
   * `no`. Of others the negative form only takes away what is there.
   */
  readonly negated?: readonly RegExp[];
  /** Lines that the platform prints at the end of a section, at the section's own indentation (`exit-address-family`). */
  readonly closers?: readonly { readonly section: RegExp; readonly line: string }[];
  /**
   * In braces: one-line statements with several attributes. At a path joined with ` / `, each of these words begins an
   * attribute of its own, as the flat form writes it.
   */
  readonly inline?: readonly { readonly at: RegExp; readonly words: readonly string[] }[];
  /** In braces: words that are written on one line with their name (`unit 0 {`), by path joined with ` / `. */
  readonly heads?: readonly RegExp[];
}
