import { makeDraft, nodesOf } from './draft.js';
import { makeFindings, type Findings, type ParsedConfig } from './finding.js';
import { marks, obtainPath, setMark, spread, isMark } from './flat.js';
import type { ConfigRules } from './rules.js';
import type { ConfigNode, ConfigTree } from './tree.js';
import { wordsOf } from './word.js';

/** Promises of `parseConfig` for flat lines. `lines` were read already. */
export function parseSetLines(
  lines: readonly string[],
  rules: ConfigRules,
  findings = makeFindings(),
): ParsedConfig {
  const root = makeDraft('', 0);
  for (const [at, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue;
    readLine(root, line, at + 1, findings);
  }
  if (findings.list.length > 0) return { kind: 'malformed', findings: findings.list };
  return { kind: 'tree', tree: { syntax: rules.syntax, nodes: nodesOf(root) } };
}

function readLine(
  root: ReturnType<typeof makeDraft>,
  text: string,
  line: number,
  findings: Findings,
): void {
  const words = flatWords(text, line, findings);
  if (!words) return;
  const [verb = '', ...rest] = words;
  const mark = marks.find((each) => each.set === verb);
  if (verb !== 'set' && !mark) {
    return findings.add(
      line,
      `"${verb.slice(0, 40)}" begins no statement of a configuration in set form`,
    );
  }
  for (const path of spread(rest) ?? []) {
    const draft = obtainPath(root, path, line);
    if (!draft) return findings.add(line, 'the statement is nested too deep');
    if (mark) setMark(draft, mark.mark, line);
  }
}

/** The words of a typed line, with findings for quotes, brackets and words that cannot stand in one. */
export function flatWords(text: string, line: number, findings: Findings): string[] | undefined {
  const words = wordsOf(text);
  if (!words) findings.add(line, 'a quote is not closed');
  else if (words.length < 2) findings.add(line, `"${text.slice(0, 40)}" names no statement`);
  else if (words.some(isMark)) findings.add(line, 'a mark like inactive: cannot stand in a line');
  else if (!spread(words)) findings.add(line, 'a list in brackets must be the last of a statement');
  else return words;
  return undefined;
}

/** The leaf paths below `nodes` in the flat form. */
export function setLines(nodes: readonly ConfigNode[], path: string, lines: string[]): void {
  for (const node of nodes) {
    const here = path === '' ? node.text : `${path} ${node.text}`;
    const inside = node.children.filter((each) => !isMark(each.text));
    if (inside.length === 0) lines.push(`set ${here}`);
    else setLines(inside, here, lines);
    for (const { mark, set } of marks) {
      if (node.children.some((each) => each.text === mark)) lines.push(`${set} ${here}`);
    }
  }
}

/** Promises of `formatConfig` for flat lines. */
export function formatSetLines(tree: ConfigTree): string {
  const lines: string[] = [];
  setLines(tree.nodes, '', lines);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
