import type { Platform } from '../../src/driver/platform.js';
import type { Dialect } from '../../src/session/dialect.js';

const USER = String.raw`(?:[A-Za-z_][\w.-]{0,31}@)?`;
const HOST = String.raw`(?<host>[A-Za-z0-9][\w.-]{0,62})`;
/** Pipes that choose or shape lines; `save`, `append` and `tee` write files. */
const PIPE =
  '(?: \\| (?:no-more|count|display (?:set|inheritance|xml|json|omit)|compare(?: rollback \\d{1,2})?|(?:match|except|find|last) [A-Za-z0-9"._,:/-]{1,100}))?';
const PATH = String.raw`(?:re[01]:)?\/var\/(?:tmp|log|sw\/pkg)\/(?!\.)[\w.-]{0,120}`;

const dialect: Dialect = {
  modes: [
    { name: 'operational', prompt: new RegExp(`^${USER}${HOST}> ?$`) },
    { name: 'config', prompt: new RegExp(`^${USER}${HOST}# ?$`) },
    { name: 'shell', prompt: /^(?:root@[A-Za-z0-9][\w.-]{0,62}(?::[\w/~:-]{1,60} ?[#%]|%)|%) ?$/ },
  ],
  moves: [
    { from: 'shell', to: 'operational', send: 'cli' },
    { from: 'operational', to: 'config', send: 'configure exclusive' },
    {
      from: 'config',
      to: 'operational',
      send: 'exit configuration-mode',
    },
  ],
  home: 'operational',
  onOpen: [
    'set cli screen-length 0',
    'set cli screen-width 0',
    'set cli complete-on-space off',
    'set cli timestamp disable',
  ],
  pagers: [{ match: /^---\(more(?: \d{1,3}%)?\)---/, key: ' ' }],
  failures: [
    /^\s{0,200}(?:syntax error|unknown command|missing argument|invalid value|command is not valid)\b/,
    /^(?:error|ERROR): .{0,400}/,
  ],
  noise: [
    // What `syslog user` writes to every terminal: a line that says so, and the message.
    /^Message from syslogd@[\w.-]{1,64} at [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d\s{1,4}\.\.\.$/,
    /^[A-Za-z0-9][\w.-]{0,62} [a-z][\w-]{1,30}\[\d{1,8}\]: [A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{1,40}: .{0,400}$/,
    /^\{(?:master|backup|linecard|primary|secondary|hold|disabled|lost|ineligible|secondary-hold)(?::(?:node)?\d{1,2})?\}$/,
  ],
  readOnly: [
    new RegExp(`^show [A-Za-z0-9][A-Za-z0-9 ._,:/*-]{0,199}${PIPE}$`),
    new RegExp(`^file list ${PATH}(?: detail)?$`),
    new RegExp(`^file checksum (?:md5|sha1|sha-256) ${PATH}$`),
    /^set cli (?:screen-length 0|screen-width 0|complete-on-space off|timestamp disable)$/,
  ],
};

/** Juniper Junos OS: MX and PTX routers with one or two routing engines, vmhost, EX switches. Sources in NOTES.md. */
export const platform: Platform = {
  id: 'juniper_junos',
  vendor: 'Juniper',
  family: 'Junos',
  dialect,
  sysObjectIds: ['1.3.6.1.4.1.2636'],
  algorithms: 'modern',
  capabilities: ['candidate-config', 'drain'],
  transfer: ['scp'],
  stagesWithoutEffect: true,
  integrity: 'hash-on-device',
  rollbackReach: 1,
  timing: {
    loginMs: 30_000,
    commandIdleMs: 60_000,
    commandTotalMs: 180_000,
    reloadExpectedMs: 10 * 60_000,
    reloadMaxMs: 40 * 60_000,
    uploadExpectedBps: 6_000_000,
    uploadMinBps: 500_000,
  },
};
