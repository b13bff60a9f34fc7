import type { Platform } from '../../src/driver/platform.js';
import type { Dialect } from '../../src/session/dialect.js';

const HOST = String.raw`(?<host>(?!Aboot\b)[A-Za-z0-9][\w.-]{0,62})`;
/** What EOS shows between hostname and mode: redundancy state, VRF. */
const CONTEXT = String.raw`(?:\((?!config)[^()#>]{1,40}\)){0,2}`;

/** Name of the mode inside of a configuration session. */
export const SESSION_MODE = 'config-session';

const dialect: Dialect = {
  modes: [
    { name: 'exec', prompt: new RegExp(`^${HOST}${CONTEXT}>$`) },
    { name: 'enable', prompt: new RegExp(`^${HOST}${CONTEXT}#$`) },
    // A candidate of its own, taken over by a commit only; EOS shows the first six characters of its name.
    { name: SESSION_MODE, prompt: new RegExp(`^${HOST}${CONTEXT}\\(config-s-[^()#>]{1,80}\\)#$`) },
    {
      name: 'config',
      prompt: new RegExp(`^${HOST}${CONTEXT}\\(config(?!-s-)[^()#>]{0,80}\\)#$`),
    },
  ],
  moves: [
    {
      from: 'exec',
      to: 'enable',
      send: 'enable',
      dialogs: [{ ask: String.raw`Password:\s*$`, answer: 'secret:enable' }],
    },
    { from: 'enable', to: 'config', send: 'configure' },
    { from: 'config', to: 'enable', send: 'end' },
    { from: SESSION_MODE, to: 'enable', send: 'abort' },
  ],
  home: 'enable',
  onOpen: ['terminal length 0', 'terminal width 32767'],
  pagers: [{ match: /^ ?--More--/, key: ' ' }],
  failures: [
    /^% (?:Invalid|Incomplete|Ambiguous|Unrecognized|Unavailable|Unknown) (?:input|command|port|host)\b.{0,200}$/,
    /^% (?:Authorization denied|Access denied|Permission denied|Not supported|Bad secret)\b.{0,200}$/,
    /^% (?:Maximum number of|Session|Commit) \S.{0,400}$/,
    /^% (?:Internal error|Error|Cannot|Could not|Failed to|Unable to|Insufficient|Not enough)\b.{0,400}$/,
    /^% .{0,200}(?:No such file or directory|No space left on device|not supported on this hardware platform).{0,100}$/,
  ],
  noise: [
    /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16}) \S{1,64} [\w.-]{1,40}(?:\[\d{1,8}\])?: %[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+: .*$/,
  ],
  readOnly: [
    /^show [A-Za-z0-9][\w .,:/-]*(?: \| (?:json|no-more|(?:include|exclude|section|begin) [\w .,:/-]+))*$/,
    /^dir(?: (?:flash|drive|usb1|extension|system|file):[\w./-]*)?$/,
    /^verify \/(?:sha512|md5) flash:[\w./-]+$/,
    /^terminal (?:length|width) \d{1,5}$/,
  ],
};

/** Arista EOS as data. Where each fact comes from stands in NOTES.md. */
export const platform: Platform = {
  id: 'arista_eos',
  vendor: 'Arista',
  family: 'EOS',
  dialect,
  sysObjectIds: ['1.3.6.1.4.1.30065.1'],
  algorithms: 'modern',
  capabilities: ['candidate-config', 'drain'],
  transfer: ['scp'],
  stagesWithoutEffect: true,
  integrity: 'hash-on-device',
  rollbackReach: 1,
  timing: {
    loginMs: 30_000,
    commandIdleMs: 30_000,
    commandTotalMs: 120_000,
    reloadExpectedMs: 300_000,
    reloadMaxMs: 1_500_000,
    uploadExpectedBps: 8_000_000,
    uploadMinBps: 500_000,
  },
};
