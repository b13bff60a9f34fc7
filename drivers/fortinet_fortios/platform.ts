import type { Platform } from '../../src/driver/platform.js';
import type { Dialect } from '../../src/session/dialect.js';

/** Some print the role of a unit before or behind the name: `(M) fw $`, `fw(Primary) #`. */
const HOST = String.raw`(?:\([A-Z]\) )?(?<host>[A-Za-z0-9][\w.-]{0,62})(?: ?\((?:Primary|Secondary|Master|Slave)\))?`;
/** Where one stands: `(global)`, `(interface)`, `(port1)`. */
const PLACE = String.raw`\((?!(?:Primary|Secondary|Master|Slave)\))[^()#$\r\n]{1,80}\)`;

const dialect: Dialect = {
  modes: [
    { name: 'cli', prompt: new RegExp(`^${HOST} ?[#$] ?$`) },
    { name: 'inside', prompt: new RegExp(`^${HOST} ?${PLACE} ?[#$] ?$`) },
  ],
  moves: [{ from: 'inside', to: 'cli', send: 'abort' }],
  home: 'cli',
  // `config system console / set output standard` would be a change of the configuration: the pager is answered.
  onOpen: [],
  pagers: [{ match: /^ {0,3}-- ?More ?-- {0,3}/, key: ' ' }],
  failures: [
    /^ {0,4}(?:Unknown action \d{1,3}|Command fail\. ?Return code -?\d{1,5})\b.{0,100}$/,
    /^ {0,4}(?:command|value|object|entry) parse error before .{1,300}$/,
    /^ {0,4}(?:node_check_object fail!|object set operator error|object check operator error).{0,200}$/,
    /^ {0,4}(?:Unknown command|Permission denied|You are not permitted|The entry is used by other|entry not found).{0,200}$/i,
    /^ {0,4}(?:Get image from (?:tftp|ftp) server failed|Check image error|Image check failed|Invalid image|Image file is not valid).{0,200}$/i,
  ],
  noise: [
    /^(?:Firmware upgrade in progress \.\.\.|Mount point is not allowed: .{0,200})$/,
    /^System will reboot if no input is received in the next \d{1,3} seconds\.{0,3}$/,
  ],
  readOnly: [
    /^get (?:system|router|hardware) [A-Za-z0-9][\w. -]{0,120}$/,
    /^show(?: full-configuration)?(?: [a-z][\w. -]{0,120})?$/,
    /^diagnose sys flash list$/,
    /^diagnose sys ha checksum cluster$/,
    /^diagnose lldprx neighbor details$/,
    /^diagnose debug config-error-log read$/,
    /^execute sensor list$/,
    // With virtual domains the global part stands behind `config global`; it changes nothing, nor does leaving it.
    /^config global$/,
    /^end$/,
  ],
};

/** FortiOS as data. Where each fact comes from stands in NOTES.md. */
export const platform: Platform = {
  id: 'fortinet_fortios',
  vendor: 'Fortinet',
  family: 'FortiOS',
  dialect,
  sysObjectIds: ['1.3.6.1.4.1.12356.101.1', '1.3.6.1.4.1.12356.15'],
  algorithms: 'modern',
  capabilities: ['dual-bank-boot'],
  transfer: ['tftp'],
  // A single unit: into the partition that is not booted. A cluster cannot stage; its plan has no such step.
  stagesWithoutEffect: true,
  integrity: 'vendor-signature',
  rollbackReach: 1,
  timing: {
    loginMs: 30_000,
    commandIdleMs: 30_000,
    commandTotalMs: 180_000,
    reloadExpectedMs: 300_000,
    reloadMaxMs: 1_800_000,
    uploadExpectedBps: 1_000_000,
    uploadMinBps: 250_000,
  },
};
