import type { ConfigRules } from '../../src/config/rules.js';
import { parseConfig } from '../../src/config/parse.js';
import type { ConfigTree } from '../../src/config/tree.js';

/** Rules as drivers write them, cut down to what the tests speak of. */
export const indentedRules: ConfigRules = {
  syntax: 'indented',
  indent: 1,
  ordered: [/^ip access-list /, /^policy-map [^/]+$/],
  single: [
    /^(hostname) /,
    /^(router bgp) /,
    /^interface .+ \/ (description) /,
    /^interface .+ \/ (ip address)(?= \S)(?!.* secondary$)/,
    /^interface .+ \/ (ip access-group) \S+ (in|out)$/,
    /^vlan \d+ \/ (name) /,
  ],
  negated: [/^ip domain lookup$/, /^interface .+ \/ switchport$/],
  sections: [
    /^interface \S/,
    /^router \S/,
    /^ip access-list \S/,
    /^policy-map [^/]+(?: \/ class \S+)?$/,
  ],
  closers: [{ section: /^router .+ \/ address-family [^/]+$/, line: 'exit-address-family' }],
  forbidden: [],
  masks: [
    { name: 'NVRAM stamp', match: /^! NVRAM config last updated.*$/ },
    { name: 'hashed secret', match: /\b(secret 9) \S+/, replacement: '$1 <hashed>' },
  ],
};

export const bracesRules: ConfigRules = {
  syntax: 'braces',
  ordered: [
    /^firewall \/ (?:.+ \/ )?filter \/ [^/]+ \/ term$/,
    /^protocols \/ bgp \/ group \/ [^/]+ \/ export$/,
  ],
  single: [/^(system \/ host-name) \/ /, /^(interfaces \/ \S+ \/ (?:description|mtu)) \/ /],
  forbidden: [],
  masks: [{ name: 'time of the last commit', match: /^## Last commit: .*$/ }],
  inline: [{ at: /^system \/ syslog \/ archive$/, words: ['size', 'files', 'world-readable'] }],
  heads: [/ \/ (?:unit|family|term|filter)$/],
};

export const setRules: ConfigRules = { ...bracesRules, syntax: 'set' };

export const blocksRules: ConfigRules = {
  syntax: 'blocks',
  ordered: [/(?:^| \/ )config firewall policy$/],
  single: [],
  negated: [/ \/ gui-theme$/],
  forbidden: [],
  masks: [{ name: 'encrypted value', match: /\bENC \S+/, replacement: 'ENC <hashed>' }],
};

/** The tree of a text that can be read. */
export function treeOf(text: string, rules: ConfigRules): ConfigTree {
  const parsed = parseConfig(text, rules);
  if (parsed.kind === 'malformed') throw new Error(JSON.stringify(parsed.findings));
  return parsed.tree;
}

/** Nested texts of a tree, for comparison by eye: sections as `[text, ...children]`. */
export function outline(tree: Pick<ConfigTree, 'nodes'>): unknown[] {
  return tree.nodes.map((node) =>
    node.children.length === 0 ? node.text : [node.text, ...outline({ nodes: node.children })],
  );
}
