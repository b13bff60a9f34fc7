import type { Dialect } from '../session/dialect.js';

/** Enough of a command line to ask an unknown device who it is: one mode, a few read-only words, the usual pagers. */
export const genericDialect: Dialect = {
  modes: [{ name: 'any', prompt: /^(?<host>[A-Za-z0-9][\w.@:/()~-]{0,80}?)\s?[>#$%]\s*$/ }],
  moves: [],
  home: 'any',
  onOpen: [],
  pagers: [
    { match: /^\s*-{2,}\s*\(?more\)?.*-{0,}\s*$/i, key: ' ' },
    { match: /press any key|press space/i, key: ' ' },
  ],
  failures: [
    /^\s*% ?(?:invalid|unknown|incomplete|ambiguous)/i,
    /^\s*(?:unknown|invalid) command/i,
  ],
  noise: [],
  readOnly: [/^show [\w -]{1,60}$/, /^get system status$/, /^display version$/],
};
