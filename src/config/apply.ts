import { applyBlocks } from './apply-blocks.js';
import { applyFlat } from './apply-flat.js';
import { applyIndented } from './apply-indented.js';
import { makeSlots, negativesIn, type AppliedLines, type Applying } from './applying.js';
import { draftOf, nodesOf } from './draft.js';
import { configLimits, makeFindings } from './finding.js';
import type { ConfigRules } from './rules.js';
import type { ConfigTree } from './tree.js';

/**
 * What a device would make of lines typed in configuration mode, by the rules of its platform. In the indented syntax
 * statements of a section are indented below it, or it is left by `exit`. Lines whose outcome only the device knows are
 * findings, never guesses.
 */
export function applyLines(
  tree: ConfigTree,
  lines: readonly string[],
  rules: ConfigRules,
): AppliedLines {
  const findings = makeFindings();
  const size = lines.reduce((sum, each) => sum + each.length + 1, 0);
  if (lines.length > configLimits.lines || size > configLimits.bytes) {
    findings.add(1, 'these are more lines than can be worked out');
    return { kind: 'malformed', findings: findings.list };
  }
  const root = draftOf(tree.nodes);
  const applying: Applying = {
    rules,
    findings,
    idle: [],
    slots: makeSlots(rules),
    listedOff: negativesIn(root),
  };
  const typed = lines.map((each) => each.replace(/\r$/, ''));
  if (rules.syntax === 'indented') applyIndented(root, typed, applying);
  else if (rules.syntax === 'blocks') applyBlocks(root, typed, applying);
  else applyFlat(root, typed, applying);
  if (findings.list.length > 0) return { kind: 'malformed', findings: findings.list };
  const after = { syntax: tree.syntax, nodes: nodesOf(root) };
  return { kind: 'tree', tree: after, idle: applying.idle };
}
