import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyLines } from '../../src/config/apply.js';
import { changeState } from '../../src/config/change-state.js';
import { isEmptyDelta } from '../../src/config/delta.js';
import { diffConfig } from '../../src/config/diff.js';
import { formatDiff } from '../../src/config/diff-text.js';
import { formatConfig } from '../../src/config/parse.js';
import { patchLines } from '../../src/config/patch.js';
import type { ConfigRules } from '../../src/config/rules.js';
import type { ConfigTree } from '../../src/config/tree.js';
import { blocksText, bracesText, indentedText } from './generate.js';
import { blocksRules, bracesRules, indentedRules, outline, setRules, treeOf } from './sample.js';

const syntaxes: readonly (readonly [string, ConfigRules, fc.Arbitrary<string>])[] = [
  ['indented', indentedRules, indentedText],
  ['braces', bracesRules, bracesText],
  ['set', setRules, bracesText],
  ['blocks', blocksRules, blocksText],
];

const hostile =
  'set a b|config x|edit "a|next|end|a {|}|;|"|[ a|]|/*|banner motd ^C|^C|EOF|exit|  exit|  no x'
    .concat('|inactive: |\\|\t|\r|certificate 01|30820101 02|quit|#|!|\u0000|\n|\n|\n')
    .split('|');

function typed(tree: ConfigTree, lines: readonly string[], rules: ConfigRules): ConfigTree {
  const applied = applyLines(tree, lines, rules);
  if (applied.kind === 'malformed') {
    throw new Error(`${JSON.stringify(applied.findings)}\n${lines.join('\n')}`);
  }
  return applied.tree;
}

describe.each(syntaxes)('a configuration in %s', (_name, rules, texts) => {
  const trees = texts.map((text) => treeOf(text, rules));
  const runs = { numRuns: 150 };

  test('becomes the other one by the patch to it, and itself again by the patch back', () => {
    const property = fc.property(trees, trees, (before, after) => {
      const lines = patchLines(before, after, rules);
      const reached = typed(before, lines, rules);
      expect([lines, diffConfig(reached, after, rules)]).toEqual([
        lines,
        { added: [], removed: [], ordered: [] },
      ]);
      const back = typed(reached, patchLines(after, before, rules), rules);
      expect(isEmptyDelta(diffConfig(back, before, rules))).toBe(true);
    });
    fc.assert(property, runs);
  });

  test('needs no patch to itself', () => {
    const property = fc.property(trees, (tree) => {
      expect(patchLines(tree, tree, rules)).toEqual([]);
      expect(formatDiff(tree, tree, rules, { context: 3 })).toEqual([]);
      expect(isEmptyDelta(diffConfig(tree, tree, rules))).toBe(true);
    });
    fc.assert(property, runs);
  });

  test('is read again as it was written', () => {
    const property = fc.property(trees, (tree) => {
      expect(outline(treeOf(formatConfig(tree, rules), rules))).toEqual(outline(tree));
    });
    fc.assert(property, runs);
  });

  test('stands before a change until it is typed, and after it then', () => {
    const property = fc.property(trees, trees, (before, after) => {
      const delta = diffConfig(before, after, rules);
      expect(JSON.parse(JSON.stringify(delta))).toEqual(delta);
      expect(changeState(after, delta).kind).toBe('after');
      expect(changeState(before, delta).kind).toBe(isEmptyDelta(delta) ? 'after' : 'before');
      expect(formatDiff(before, after, rules).length > 0).toBe(!isEmptyDelta(delta));
    });
    fc.assert(property, runs);
  });

  test('never crashes the reader, whatever the text is', () => {
    const pieces = fc.array(fc.constantFrom(...hostile), { maxLength: 60 });
    const property = fc.property(trees, pieces, (tree, found) => {
      const text = found.join('');
      applyLines(tree, text.split('\n'), rules);
      try {
        treeOf(text, rules);
      } catch (thrown) {
        expect(String(thrown)).toContain('"line"');
      }
    });
    fc.assert(property, runs);
  });
});

test('braces and flat lines of one configuration give equal trees', () => {
  const property = fc.property(bracesText, (text) => {
    const tree = treeOf(text, bracesRules);
    const flat = treeOf(formatConfig(tree, setRules), bracesRules);
    expect(outline(flat)).toEqual(outline(tree));
    expect(outline(treeOf(formatConfig(flat, bracesRules), setRules))).toEqual(outline(tree));
  });
  fc.assert(property, { numRuns: 150 });
});
