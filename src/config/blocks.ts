import { detach, makeDraft, nodesOf, obtainChild, type Draft } from './draft.js';
import { configLimits, makeFindings, type Findings, type ParsedConfig } from './finding.js';
import type { ConfigRules } from './rules.js';
import { linesOf } from './source.js';
import type { ConfigNode, ConfigTree } from './tree.js';
import { endOfQuoted, wordsOf } from './word.js';

/** One line of the blocks syntax; a quoted value may reach over several. */
export interface BlockLine {
  readonly words: readonly string[];
  readonly line: number;
}

/** Is a quote still open at the end of this text? */
function quoteIsOpen(text: string): boolean {
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    if (isEscaped(text, at)) at += 1;
    else {
      at = endOfQuoted(text, at);
      if (at < 0) return true;
    }
  }
  return false;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** Position after the quote that closes a value begun on an earlier line; -1: it is not on this line. */
function closes(line: string): boolean {
  const end = endOfQuoted(line, -1);
  return end >= 0 && !quoteIsOpen(line.slice(end));
}

/** A value over more lines than this is no certificate. */
const VALUE_LINES_MAX = 2000;

/** The lines of a text in blocks, comments left out. */
export function readBlockLines(lines: readonly string[], findings: Findings): BlockLine[] {
  const read: BlockLine[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const start = at;
    let text = (lines[at] ?? '').trim();
    if (text === '' || text.startsWith('#')) continue;
    if (text.includes('"') && quoteIsOpen(text)) {
      const end = endOfValue(lines, at + 1);
      if (end < 0) {
        findings.add(start + 1, `${text.slice(0, 40)}: a quote is not closed`);
        continue;
      }
      text = [text, ...lines.slice(at + 1, end + 1)].join('\n').trimEnd();
      at = end;
    }
    read.push({ words: wordsOf(text) ?? [], line: start + 1 });
  }
  return read;
}

function endOfValue(lines: readonly string[], from: number): number {
  const until = Math.min(lines.length, from + VALUE_LINES_MAX);
  for (let at = from; at < until; at += 1) if (closes(lines[at] ?? '')) return at;
  return -1;
}

/** What a line in blocks does to the open sections. */
export const isEntry = (draft: { readonly text: string }) => draft.text.startsWith('edit ');
export const isTable = (draft: { readonly text: string }) => draft.text.startsWith('config ');

/** The sections that are open, innermost last; the first is the whole. */
export interface BlockStack {
  readonly open: Draft[];
  readonly findings: Findings;
}

/** Opens and closes sections; false: the line is none of that kind. */
export function walkBlocks(stack: BlockStack, { words, line }: BlockLine): boolean {
  const [verb] = words;
  if (verb === 'config' || verb === 'edit') openBlock(stack, words, line);
  else if (verb === 'next' || verb === 'end') closeBlock(stack, verb, line);
  else return false;
  return true;
}

function openBlock({ open, findings }: BlockStack, words: readonly string[], line: number): void {
  const top = open.at(-1);
  if (!top) return;
  const [verb = ''] = words;
  // A section that is no table may hold tables of its own: `config router ospf` / `config area`.
  const fits = words.length > 1 && (verb === 'config' || isTable(top));
  if (!fits) findings.add(line, `${verb} cannot stand here`);
  if (open.length > configLimits.depth) findings.add(line, 'sections are nested too deep');
  else open.push(obtainChild(top, words.join(' '), line));
}

function closeBlock({ open, findings }: BlockStack, verb: 'next' | 'end', line: number): void {
  const top = open.at(-1);
  const inEntry = top !== undefined && isEntry(top);
  if (verb === 'next' && !inEntry) return findings.add(line, 'next closes no entry');
  // The entry of a virtual domain is left by end alone.
  if (inEntry) open.pop();
  if (verb === 'next') return;
  if (open.length > 1) open.pop();
  else findings.add(line, 'end closes no section');
}

/** Promises of `parseConfig` for the blocks syntax. */
export function parseBlocks(text: string, rules: ConfigRules): ParsedConfig {
  const findings = makeFindings();
  const root = makeDraft('', 0);
  const stack: BlockStack = { open: [root], findings };
  for (const each of readBlockLines(linesOf(text, findings), findings)) {
    if (!walkBlocks(stack, each)) readSetting(stack, each);
  }
  if (stack.open.length > 1)
    findings.add(stack.open.at(-1)?.line ?? 1, 'the section is not closed');
  if (findings.list.length > 0) return { kind: 'malformed', findings: findings.list };
  dropEmptyTables(root);
  return { kind: 'tree', tree: { syntax: rules.syntax, nodes: nodesOf(root) } };
}

function readSetting({ open, findings }: BlockStack, { words, line }: BlockLine): void {
  const [verb = '', key] = words;
  const top = open.at(-1);
  if ((verb !== 'set' && verb !== 'unset') || key === undefined) {
    findings.add(line, `"${verb.slice(0, 40)}" begins no statement of a configuration`);
  } else if (top && open.length > 1) obtainChild(top, words.join(' '), line);
  else findings.add(line, 'the statement stands in no section');
}

/** A `config` section without anything in it says nothing. */
export function dropEmptyTables(draft: Draft): void {
  for (let at = draft.first; at;) {
    const following: Draft | undefined = at.next;
    dropEmptyTables(at);
    if (isTable(at) && !at.first) detach(at);
    at = following;
  }
}

/** Promises of `formatConfig` for the blocks syntax. */
export function formatBlocks(tree: ConfigTree, rules: ConfigRules): string {
  const lines: string[] = [];
  const step = rules.indent ?? 4;
  const write = (nodes: readonly ConfigNode[], margin: string): void => {
    for (const node of nodes) {
      lines.push(`${margin}${node.text}`);
      if (!isTable(node) && !isEntry(node)) continue;
      write(node.children, `${margin}${' '.repeat(step)}`);
      lines.push(`${margin}${isTable(node) ? 'end' : 'next'}`);
    }
  };
  write(tree.nodes, '');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
