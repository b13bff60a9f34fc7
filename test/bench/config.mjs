// Configurations of 20,000 lines, half of them changed: read both, compare, show the difference, work out the patch.
import { diffConfig } from '../../dist/src/config/diff.js';
import { formatDiff } from '../../dist/src/config/diff-text.js';
import { parseConfig } from '../../dist/src/config/parse.js';
import { patchLines } from '../../dist/src/config/patch.js';
import { figure, median } from './figures.mjs';

const GOAL = 'below 2,000';

const upTo = (count, make) => Array.from({ length: count }, (_none, at) => make(at));

/** `tick` is another one in the new text: every second line differs by it. */
const indented = (lines, tick) => [
  ...upTo(lines / 8, (at) => [
    `interface Ethernet${at}`,
    ` description to switch ${at} ${tick}`,
    ` ip address 10.${at >> 8}.${at & 255}.1 255.255.255.0`,
    ` mtu ${9000 + tick}`,
    ` ntp server 10.0.${tick}.${at & 255}`,
    '!',
  ]).flat(),
  'ip access-list extended BIG',
  ...upTo(lines / 4, (at) => ` permit tcp host 10.1.${at} any eq ${at % 2 === 0 ? at : at + tick}`),
];

const braces = (lines, tick) => [
  'interfaces {',
  ...upTo(lines / 14, (at) => [
    `    ge-0/0/${at} {`,
    `        description "to ${at} ${tick}";`,
    `        mtu ${9000 + tick};`,
    '        unit 0 {',
    `            family inet {`,
    `                address 10.${at >> 8}.${at & 255}.${tick}/24;`,
    '            }',
    '        }',
    '    }',
  ]).flat(),
  '}',
  'firewall { family inet { filter F {',
  ...upTo(lines / 14, (at) => [
    `    term t${tick === 1 || at % 2 === 0 ? at : at + 100_000} {`,
    `        from { source-address 10.9.${at & 255}.${tick}/32; }`,
    '        then accept;',
    '    }',
  ]).flat(),
  '} } }',
];

const set = (lines, tick) =>
  upTo(lines / 4, (at) => [
    `set interfaces ge-0/0/${at} description "to ${at} ${tick}"`,
    `set interfaces ge-0/0/${at} unit 0 family inet address 10.0.${at & 255}.1/24`,
    `set firewall family inet filter F term t${at} then count c${tick}`,
    `set firewall family inet filter F term t${at} then accept`,
  ]).flat();

const blocks = (lines, tick) => [
  'config firewall address',
  ...upTo(lines / 8, (at) => [
    `    edit "host-${tick === 1 || at % 2 === 0 ? at : at + 100_000}"`,
    `        set subnet 10.0.${at & 255}.${tick} 255.255.255.255`,
    '        set color 3',
    '    next',
  ]).flat(),
  'end',
  'config firewall policy',
  ...upTo(lines / 8, (at) => [
    `    edit ${at}`,
    `        set srcaddr "host-${at}" "x${tick}"`,
    `        set comments "number ${at} ${tick}"`,
    '    next',
  ]).flat(),
  'end',
];

const words = [/ \/ term$/];
const syntaxes = [
  ['indented', indented, { ordered: [/^ip access-list /], single: [/ \/ (description|mtu) /] }],
  ['braces', braces, { ordered: words, single: [/( \/ (?:description|mtu)) \/ /] }],
  ['set', set, { ordered: words, single: [/( \/ description) \/ /] }],
  ['blocks', blocks, { ordered: [/^config firewall policy$/], single: [] }],
];

function treeOf(text, rules) {
  const parsed = parseConfig(text, rules);
  if (parsed.kind !== 'tree') throw new Error(JSON.stringify(parsed.findings[0]));
  return parsed.tree;
}

function once(before, after, rules) {
  const started = performance.now();
  const [old, now] = [treeOf(before, rules), treeOf(after, rules)];
  diffConfig(old, now, rules);
  const shown = formatDiff(old, now, rules, { context: 2 }).length;
  const patch = patchLines(old, now, rules).length;
  return { tookMs: performance.now() - started, shown, patch };
}

export function benchConfig({ lines, rounds }) {
  const figures = syntaxes.map(([syntax, make, data]) => {
    const { ordered, single } = data;
    const rules = { syntax, forbidden: [], masks: [], ordered, single };
    const [before, after] = [make(lines, 1), make(lines, 2)].map((each) => each.join('\n'));
    const found = upTo(rounds, () => once(before, after, rules));
    const count = before.split('\n').length;
    const note = `${count} lines, ${found[0].patch} in the patch`;
    return figure(syntax, median(found.map((each) => each.tookMs)), 'ms', { goal: GOAL, note });
  });
  return {
    title: 'configuration: read two, compare, show, work out the patch',
    figures,
    remarks: [],
  };
}
