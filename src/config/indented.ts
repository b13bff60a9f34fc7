import { findChild, makeDraft, nodesOf, obtainChild, placeChild, type Draft } from './draft.js';
import { isRepeatable } from './entry.js';
import { configLimits, makeFindings, type ParsedConfig } from './finding.js';
import type { ConfigRules } from './rules.js';
import { isOrdered, joinPath } from './slot.js';
import { linesOf } from './source.js';
import { readStatements, type Statement } from './statement.js';
import type { ConfigNode, ConfigTree } from './tree.js';

/** A section that is open while lines are read. */
interface Frame {
  readonly draft: Draft;
  readonly indent: number;
  readonly path: string;
}

/** Lines that only lead out of a section. */
export const LEAVING = /^(?:exit|end|exit-[\w-]{1,60})$/;

/** Promises of `parseConfig` for the indented syntax. */
export function parseIndented(text: string, rules: ConfigRules): ParsedConfig {
  const findings = makeFindings();
  const statements = readStatements(linesOf(text, findings), findings);
  const root = makeDraft('', 0);
  const frames: Frame[] = [{ draft: root, indent: -1, path: '' }];
  for (const each of statements) {
    if (LEAVING.test(each.text)) continue;
    const above = frameFor(frames, each.indent);
    if (!above) continue;
    if (frames.length > configLimits.depth) findings.add(each.line, 'sections are nested too deep');
    else {
      const draft = addStatement(above, each, rules);
      frames.push({ draft, indent: each.indent, path: joinPath(above.path, each.text) });
    }
  }
  if (findings.list.length > 0) return { kind: 'malformed', findings: findings.list };
  return { kind: 'tree', tree: { syntax: rules.syntax, nodes: nodesOf(root) } };
}

/** Leaves the sections that a line of this indentation is not in; gives the one that it is in. */
function frameFor(frames: Frame[], indent: number): Frame | undefined {
  while (frames.length > 1 && (frames.at(-1)?.indent ?? 0) >= indent) frames.pop();
  return frames.at(-1);
}

/** What comes again goes on or counts once; only a remark among ordered entries may really stand twice. */
function addStatement(above: Frame, statement: Statement, rules: ConfigRules): Draft {
  const repeats = isRepeatable(statement.text) && isOrdered(rules, above.path);
  if (!repeats || !findChild(above.draft, statement.text)) {
    return obtainChild(above.draft, statement.text, statement.line);
  }
  const made = makeDraft(statement.text, statement.line);
  placeChild(above.draft, made);
  return made;
}

/** Promises of `formatConfig` for the indented syntax. */
export function formatIndented(tree: ConfigTree, rules: ConfigRules): string {
  const lines: string[] = [];
  for (const node of tree.nodes) {
    writeNode(node, { rules, lines, path: '', depth: 0 });
    if (node.children.length > 0) lines.push('!');
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

interface Writing {
  readonly rules: ConfigRules;
  readonly lines: string[];
  readonly path: string;
  readonly depth: number;
}

function writeNode(node: ConfigNode, writing: Writing): void {
  const { rules, lines, depth } = writing;
  const margin = ' '.repeat(depth * (rules.indent ?? 1));
  lines.push(...typedLines(node.text, margin));
  const path = joinPath(writing.path, node.text);
  for (const child of node.children) writeNode(child, { ...writing, path, depth: depth + 1 });
  const closer = rules.closers?.find((each) => each.section.test(path));
  if (closer) lines.push(`${margin}${closer.line}`);
}

/** The lines of one statement: only the first is indented, the others stand as they were read. */
export function typedLines(text: string, margin: string): string[] {
  const [head = '', ...rest] = text.split('\n');
  return [`${margin}${head}`, ...rest];
}
