import { makeDraft, nodesOf, obtainChild, type Draft } from './draft.js';
import { configLimits, makeFindings, type Findings, type ParsedConfig } from './finding.js';
import { INACTIVE, isMark, PROTECTED, setMark, spread } from './flat.js';
import type { ConfigRules } from './rules.js';
import { parseSetLines } from './set-lines.js';
import { joinPath } from './slot.js';
import { linesOf } from './source.js';
import { readTokens, type Token } from './token.js';
import type { ConfigNode, ConfigTree } from './tree.js';

const FLAT = /^\s*(?:set|deactivate|protect)\s+\S/;
const SKIPPED = /^\s*(?:[#!].*)?$/;

/** Promises of `parseConfig` for braces and for flat lines: whichever of the two forms the text has. */
export function parseBraces(text: string, rules: ConfigRules): ParsedConfig {
  const findings = makeFindings();
  const lines = linesOf(text, findings);
  const first = lines.find((each) => !SKIPPED.test(each));
  if (first !== undefined && FLAT.test(first) && !/[{;]\s*$/.test(first)) {
    return parseSetLines(lines, rules, findings);
  }
  const root = makeDraft('', 0);
  const reader = new BraceReader(root, rules, findings);
  for (const token of readTokens(lines.join('\n'), findings)) reader.take(token);
  reader.end(lines.length);
  if (findings.list.length > 0) return { kind: 'malformed', findings: findings.list };
  return { kind: 'tree', tree: { syntax: rules.syntax, nodes: nodesOf(root) } };
}

interface Level {
  readonly draft: Draft;
  readonly path: string;
  readonly depth: number;
}

const PREFIXES = new Set([INACTIVE, PROTECTED, 'replace:', 'active:', 'unprotect:']);

/** Reads tokens into a draft; lives as long as one text is read. */
class BraceReader {
  readonly #levels: Level[];
  readonly #rules: ConfigRules;
  readonly #findings: Findings;
  #words: string[] = [];
  #marks: string[] = [];
  #line = 0;

  constructor(root: Draft, rules: ConfigRules, findings: Findings) {
    this.#levels = [{ draft: root, path: '', depth: 0 }];
    this.#rules = rules;
    this.#findings = findings;
  }

  take(token: Token): void {
    if (token.kind === 'word') this.#word(token);
    else if (token.kind === '{') this.#open(token);
    else if (token.kind === ';') this.#leaf(token);
    else this.#close(token);
  }

  end(line: number): void {
    if (this.#words.length > 0) this.#findings.add(this.#line, 'the statement has no ; at its end');
    if (this.#levels.length > 1) this.#findings.add(line, 'a { is never closed');
  }

  #word(token: Token): void {
    if (this.#words.length === 0) {
      this.#line = token.line;
      if (PREFIXES.has(token.text)) return void this.#marks.push(token.text);
    }
    if (isMark(token.text))
      this.#findings.add(token.line, `${token.text} stands inside a statement`);
    this.#words.push(token.text);
  }

  #leaf(token: Token): void {
    if (this.#words.length === 0) return this.#findings.add(token.line, 'a ; ends no statement');
    for (const path of this.#paths(token.line)) this.#descend(path);
    this.#fresh();
  }

  #open(token: Token): void {
    const [path] = this.#paths(token.line);
    const level = path && path.length > 0 ? this.#descend(path) : undefined;
    if (this.#words.includes('[')) this.#findings.add(token.line, 'a list opens no section');
    if (!level) this.#findings.add(token.line, 'a { has no statement before it');
    const above = this.#levels.at(-1);
    const inner = level ?? above;
    if (inner) this.#levels.push(inner);
    this.#fresh();
  }

  #close(token: Token): void {
    if (this.#words.length > 0) this.#findings.add(this.#line, 'the statement has no ; at its end');
    this.#fresh();
    if (this.#levels.length > 1) this.#levels.pop();
    else this.#findings.add(token.line, 'a } closes nothing');
  }

  #paths(line: number): readonly string[][] {
    const paths = spread(this.#words);
    if (!paths) this.#findings.add(line, 'a list in brackets must be the last of a statement');
    return paths ?? [];
  }

  #fresh(): void {
    this.#words = [];
    this.#marks = [];
  }

  /** Goes down the words from the open section; an attribute of a one-line statement begins at its statement again. */
  #descend(words: readonly string[]): Level | undefined {
    let at = this.#levels.at(-1);
    if (!at) return undefined;
    if (at.depth + words.length > configLimits.depth) {
      this.#findings.add(this.#line, 'the statement is nested too deep');
      return undefined;
    }
    let base: Level | undefined;
    let attributes: readonly string[] = [];
    for (const word of words) {
      if (base && attributes.includes(word)) at = base;
      at = this.#down(at, word);
      const found = this.#attributesAt(at.path);
      if (found) [base, attributes] = [at, found];
    }
    for (const mark of [INACTIVE, PROTECTED]) {
      if (this.#marks.includes(mark)) setMark((base ?? at).draft, mark, this.#line);
    }
    return at;
  }

  #down(above: Level, word: string): Level {
    return {
      draft: obtainChild(above.draft, word, this.#line),
      path: joinPath(above.path, word),
      depth: above.depth + 1,
    };
  }

  #attributesAt(path: string): readonly string[] | undefined {
    return this.#rules.inline?.find((each) => each.at.test(path))?.words;
  }
}

/** Promises of `formatConfig` for braces. */
export function formatBraces(tree: ConfigTree, rules: ConfigRules): string {
  const lines: string[] = [];
  for (const node of tree.nodes) writeNode(node, { rules, lines, path: '', depth: 0, start: '' });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

interface Writing {
  readonly rules: ConfigRules;
  readonly lines: string[];
  readonly path: string;
  readonly depth: number;
  /** Words that stand before the node's on its line. */
  readonly start: string;
}

function writeNode(node: ConfigNode, writing: Writing): void {
  const { rules, lines, depth } = writing;
  const path = joinPath(writing.path, node.text);
  const inside = node.children.filter((each) => !isMark(each.text));
  const text = `${writing.start}${node.text}`;
  const marked = inside.length < node.children.length;
  if (inside.length > 0 && !marked && isHead(node, inside, { rules, path })) {
    for (const each of inside) writeNode(each, { ...writing, path, start: `${text} ` });
    return;
  }
  const margin = ' '.repeat(depth * (rules.indent ?? 4));
  const start = node.children.filter((each) => isMark(each.text)).map((each) => `${each.text} `);
  const head = `${margin}${start.join('')}${text}`;
  if (inside.length === 0) return void lines.push(`${head};`);
  lines.push(`${head} {`);
  for (const each of inside) writeNode(each, { ...writing, path, depth: depth + 1, start: '' });
  lines.push(`${margin}}`);
}

/** Does the word stand on one line with the next? Where no rule says so: a last word with its only value. */
function isHead(
  node: ConfigNode,
  inside: readonly ConfigNode[],
  { rules, path }: { readonly rules: ConfigRules; readonly path: string },
): boolean {
  if (rules.heads?.some((each) => each.test(path))) return true;
  const [only] = inside;
  return inside.length === 1 && only?.children.length === 0 && node.children.length === 1;
}
