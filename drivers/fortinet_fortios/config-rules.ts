import type { ConfigRules } from '../../src/config/rules.js';

/** FortiOS configuration: `config` tables with `edit` entries; `show` leaves out what has its default value. */
export const rules: ConfigRules = {
  syntax: 'blocks',
  indent: 4,
  // Tables that the device evaluates from the first entry to the last.
  ordered: [
    /^config firewall (?:policy6?|policy46|policy64|security-policy|local-in-policy6?|proxy-policy|shaping-policy)$/,
    /^config firewall (?:DoS-policy6?|interface-policy6?|multicast-policy6?|ttl-policy|acl6?|central-snat-map|sniffer)$/i,
    /^config router policy6?$/,
    /^config router (?:route-map|access-list6?|prefix-list6?) \/ edit [^/]{1,80} \/ config rule$/,
    /^config system (?:sdwan|virtual-wan-link) \/ config service$/,
    /^config (?:webfilter urlfilter|application list|ips sensor|dnsfilter domain-filter) \/ edit [^/]{1,80} \/ config entries$/,
    /^config (?:emailfilter|file-filter|waf) [a-z-]{1,40} \/ edit [^/]{1,80} \/ config (?:entries|rules)$/,
    /^config user (?:setting|group) \/ .{1,120} \/ config (?:auth-ports|match)$/,
    /^config authentication rule$/,
  ],
  // In this syntax every `set KEY` takes the place of the one before.
  single: [],
  forbidden: [
    /^(?:exe|diag|sudo|get\b|show\b|fnsysctl|exit\b|quit\b|abort\b|alias\b|tree\b)/i,
    /^config (?:global|vdom)\b/i,
    /^set cfg-(?:save|revert-timeout)\b/i,
  ],
  masks: [
    { name: 'configuration head', match: /^#(?:config-version=|conf_file_ver=|buildno=).*$/ },
    { name: 'time stamp', match: /^\s*set last-updated \d{1,20}$/ },
    { name: 'encrypted secret', match: /\bENC \S{1,4000}/, replacement: 'ENC <hidden>' },
  ],
};
