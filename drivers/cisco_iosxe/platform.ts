import type { Platform } from '../../src/driver/platform.js';
import type { Dialect } from '../../src/session/dialect.js';

/** Minutes after which an activated and uncommitted image reverts by itself. */
export const AUTO_ABORT_MINUTES = 120;

const HOST = '(?<host>[A-Za-z0-9_][A-Za-z0-9_.-]{0,62})';
/** Time, date, uptime or sequence stamps, as `service timestamps` and `service sequence-numbers` make them. */
const STAMP =
  '(?:\\d{1,10}: )?(?:[A-Za-z0-9_.-]{1,63}: )?' +
  '(?:[*.]?(?:[A-Z][a-z]{2} +\\d{1,2}(?: \\d{4})? \\d{1,2}:\\d{2}:\\d{2}(?:\\.\\d{1,6})?(?: [A-Za-z0-9+-]{1,6}){0,2}' +
  '|\\d{4}-\\d{2}-\\d{2}T[0-9:.+Z-]{8,24}' +
  '|\\d{1,4}:\\d{2}:\\d{2}|(?:\\d{1,3}[ywdhm]){2}) ?: )?';

/** Filters of a show command that only choose lines; `redirect`, `append` and `tee` write files. */
const FILTER = '(?: \\| (?:include|exclude|begin|section|count) [A-Za-z0-9 ._,:/^$()*+?-]{1,200})?';

const dialect: Dialect = {
  modes: [
    { name: 'exec', prompt: new RegExp(`^${HOST}> ?$`) },
    { name: 'enable', prompt: new RegExp(`^${HOST}# ?$`) },
    { name: 'config', prompt: new RegExp(`^${HOST}\\(config[^()\\s]{0,40}\\)# ?$`) },
  ],
  moves: [
    {
      from: 'exec',
      to: 'enable',
      send: 'enable',
      dialogs: [{ ask: 'Password: ?$', answer: 'secret:enable' }],
    },
    { from: 'enable', to: 'exec', send: 'disable' },
    { from: 'enable', to: 'config', send: 'configure terminal' },
    { from: 'config', to: 'enable', send: 'end' },
  ],
  home: 'enable',
  onOpen: ['terminal length 0', 'terminal width 511'],
  pagers: [{ match: /^\s*--More--\s*$/, key: ' ' }],
  failures: [
    /^% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized|Bad|Cannot|Access denied|Permission denied|Authorization failed)\b/m,
    /^% ?Error\b/im,
    /^Command authorization failed/m,
    /^Configuration mode (?:is )?locked\b/m,
    /^(?:FAILED|ERROR): install_\w+/m,
    /^(?:FAILED|ERROR|Error)\b.*[Cc]annot start new install operation/m,
  ],
  noise: [
    new RegExp(`^${STAMP}%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+: `),
    // A timed rollback and a scheduled reload announce themselves on every terminal.
    /^Rollback Confirmed Change: ?(?:Rollback will begin|rolling to:)/i,
    /^Enter .configure confirm. if you wish to keep what you.ve configured/,
    new RegExp(`^${STAMP}Rollback: ?Acquired Configuration lock`),
    /^\*{3}(?: --- SHUTDOWN [A-Z0-9: a-z]{2,40} ---)?\s*$/,
  ],
  readOnly: [
    new RegExp(`^show [A-Za-z0-9][A-Za-z0-9 ._,:/-]{0,199}${FILTER}$`),
    /^dir(?: [A-Za-z0-9_.:/-]{1,200})?$/,
    /^verify \/(?:md5|sha512) [A-Za-z0-9_.:/-]{1,200}$/,
    /^terminal (?:length|width) \d{1,3}$/,
  ],
};

/** Cisco IOS-XE: Catalyst 3650/3850/9000 switches and stacks, ISR, ASR 1000 and Catalyst 8000 routers. */
export const platform: Platform = {
  id: 'cisco_iosxe',
  vendor: 'Cisco',
  family: 'IOS-XE',
  dialect,
  sysObjectIds: ['1.3.6.1.4.1.9.1'],
  algorithms: 'legacy',
  capabilities: ['commit-confirmed', 'drain'],
  transfer: ['scp'],
  stagesWithoutEffect: true,
  integrity: 'hash-on-device',
  rollbackReach: 1,
  commitTimerMs: AUTO_ABORT_MINUTES * 60_000,
  timing: {
    loginMs: 30_000,
    commandIdleMs: 60_000,
    commandTotalMs: 180_000,
    reloadExpectedMs: 10 * 60_000,
    reloadMaxMs: 45 * 60_000,
    uploadExpectedBps: 3_000_000,
    uploadMinBps: 400_000,
  },
};
