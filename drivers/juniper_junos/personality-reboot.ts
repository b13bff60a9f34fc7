import type { SimAnswer, SimContext, SimDevice, SimEffect } from '../../src/driver/personality.js';
import { bootMs, USER_REASON } from './personality-boot.js';
import { followConfig, hasGracefulSwitchover } from './personality-candidate.js';
import { engineOf, RULE } from './personality-files.js';
import { modelOf } from './personality-models.js';
import { atPlace, OPERATIONAL } from './personality-mode.js';
import {
  answered,
  asking,
  between,
  type Engine,
  type Going,
  isDual,
  isUp,
  masterEngine,
  otherEngine,
  print,
  readOwn,
  reply,
  type Turn,
  withEngine,
  withMaster,
  withOwn,
} from './personality-state.js';
import { stampOf } from './personality-time.js';

export const REBOOT_TIMER = 'reboot';
export const ENGINE_TIMER = 'engine';
const MINUTE_MS = 60_000;
const SWITCH_PAUSE_MS = 240_000;

type Scope = 'local' | 'both' | 'other';
type Tool = 'system' | 'vmhost';

interface Wish {
  readonly scope: Scope;
  readonly inMs: number;
}

/** Which engines the words behind `reboot` name. Undefined: there is one that it does not take. */
function wishOf(turn: Turn, words: readonly string[]): Wish | undefined {
  const [word, next = '', ...rest] = words;
  switch (word) {
    case undefined:
      return { scope: 'local', inMs: 0 };
    case 'in':
    case 'at':
      return delayed(wishOf(turn, rest), next);
    case 'message':
      return wishOf(turn, rest);
    case 'routing-engine':
      return wishOf(turn, [next, ...rest]);
    default: {
      const scope = scopeOf(turn, word);
      const others = scope && wishOf(turn, words.slice(1));
      return others && { ...others, scope };
    }
  }
}

/** `in 5` and `at +5` are minutes; a time of day is not played. */
function delayed(wish: Wish | undefined, text: string): Wish | undefined {
  const minutes = /^\+?(\d{1,5})$/.exec(text)?.[1];
  return wish && minutes !== undefined ? { ...wish, inMs: Number(minutes) * MINUTE_MS } : undefined;
}

const SCOPES: readonly (readonly [name: string, scope: Scope])[] = [
  ['both-routing-engines', 'both'],
  ['other-routing-engine', 'other'],
  ['backup', 'other'],
];

function scopeOf(turn: Turn, word: string): Scope | undefined {
  if (word === 'local') return 'local';
  if (!isDual(turn.device)) return word === 're0' ? 'local' : undefined;
  if (/^re[01]$/.test(word)) return word === engineOf(turn) ? 'local' : 'other';
  return SCOPES.find(([name]) => word.length > 3 && name.startsWith(word))?.[1];
}

/** `request system reboot`, `request vmhost reboot`: asks first. Undefined: not a form of it. */
export function askReboot(turn: Turn, tool: Tool, words: readonly string[]): SimAnswer | undefined {
  const wish = wishOf(turn, words);
  if (!wish) return undefined;
  const { scope, inMs } = wish;
  const what = tool === 'vmhost' ? 'vmhost' : 'system';
  const dirty = readOwn(turn.device).candidate !== '';
  const warning = dirty ? 'warning: The configuration has been changed but not committed\r\n' : '';
  const question = { id: 'reboot', takes: 'line', data: { scope, inMs, tool } } as const;
  return asking(turn, question, `${warning}Reboot the ${what} ? [yes,no] (no) `);
}

const isYes = (text: string) => /^y(?:es)?$/i.test(text.trim());

export function answerReboot(
  turn: Turn,
  data: Readonly<Record<string, unknown>>,
  text: string,
): SimAnswer {
  const asked = { ...turn, shell: answered(turn.shell) };
  if (!isYes(text)) return reply(asked, []);
  const { scope, inMs, tool } = data;
  const idle = { ...asked, device: withReach(turn.device, tool === 'vmhost') };
  const named: Scope = scope === 'both' || scope === 'other' ? scope : 'local';
  const delayMs = typeof inMs === 'number' ? inMs : 0;
  return delayMs > 0 ? schedule(idle, named, delayMs) : rebootNow(idle, named);
}

/** `request system reboot` of a vmhost boots the guest and leaves its host, and so the software on it, as it is. */
function withReach(device: SimDevice, reachesHost: boolean): SimDevice {
  const guestOnly = modelOf(device).isVmhost && !reachesHost;
  const engines = readOwn(device).engines.map((engine) => ({ ...engine, guestOnly }));
  return withOwn(device, { engines });
}

const pidOf = (context: SimContext) => `[pid ${between(context, 3000, 79_000)}]`;

function schedule(turn: Turn, scope: Scope, delayMs: number): SimAnswer {
  const atMs = turn.context.nowMs + delayMs;
  return {
    device: withOwn(turn.device, { rebootAtMs: atMs, rebootScope: scope }),
    shell: turn.shell,
    effects: [
      { kind: 'timer', name: REBOOT_TIMER, delayMs },
      print([`Shutdown at ${stampOf(atMs)}.`, pidOf(turn.context)]),
    ],
    mutation: 'schedule-reboot',
  };
}

/** `clear system reboot`. */
export function clearReboot(turn: Turn): SimAnswer {
  if (readOwn(turn.device).rebootAtMs === 0) {
    return reply(turn, ['No shutdown/reboot scheduled.']);
  }
  const device = withOwn(turn.device, { rebootAtMs: 0, rebootScope: '' });
  return {
    ...reply({ ...turn, device }, ['reboot requested by operator cancelled']),
    effects: [{ kind: 'cancel-timer', name: REBOOT_TIMER }, print(['Terminating...'])],
    mutation: 'cancel-reboot',
  };
}

/** Daemons are told to stop before the engine resets: the shell stays for a short while. */
const DOWN_MIN_MS = 2000;
const DOWN_SPREAD_MS = 7000;
const CUT_OFF_MS = 10_000;

interface Fall {
  readonly device: SimDevice;
  readonly effects: readonly SimEffect[];
  readonly delayMs: number;
}

/** The chassis takes the reboot: from here on it cannot be called back. */
function fall(device: SimDevice, scope: Scope, context: SimContext): Fall {
  const other = otherEngine(device);
  const hasOther = other !== undefined && isUp(other, context.nowMs);
  const going: Going = scope === 'both' || !hasOther ? 'reboot' : 'reboot-master';
  const delayMs = DOWN_MIN_MS + Math.floor(context.chance() * DOWN_SPREAD_MS);
  const from = `${device.login.username}@${device.hostname}`;
  const text = [
    '',
    `*** FINAL System shutdown message from ${from} ***`,
    '',
    'System going down IMMEDIATELY',
    '',
  ];
  return {
    device: withOwn(device, { going, goingReason: USER_REASON, rebootAtMs: 0, rebootScope: '' }),
    effects: [
      { kind: 'log', text: text.join('\r\n') },
      { kind: 'reload', delayMs, reason: 'request system reboot' },
    ],
    delayMs,
  };
}

function rebootNow(turn: Turn, scope: Scope): SimAnswer {
  const { device, context } = turn;
  const here = engineOf(turn);
  const other = otherEngine(device);
  const isAway = here !== readOwn(device).master;
  if ((scope === 'other' && other) || (scope === 'local' && isAway)) {
    return rebootOther(turn, other ?? masterEngine(device), isAway);
  }
  const falling = fall(device, scope, context);
  return {
    device: falling.device,
    shell: turn.shell,
    effects: [
      print(['', 'Shutdown NOW!', pidOf(context)]),
      // The shell hangs until it is cut off: no prompt comes back.
      print([], falling.delayMs + CUT_OFF_MS),
      ...falling.effects,
    ],
    mutation: 'reload',
  };
}

/** The engine that is not master boots by itself; the chassis goes on. */
function rebootOther(turn: Turn, engine: Engine, isAway: boolean): SimAnswer {
  const { device, context } = turn;
  if (!isUp(engine, context.nowMs)) {
    return reply(turn, [`error: could not connect to ${engine.id} : No route to host`]);
  }
  const delayMs = bootMs(device, engine, context);
  const patch = { backAtMs: context.nowMs + delayMs, reason: USER_REASON };
  const shell = isAway ? atPlace(turn.shell, OPERATIONAL) : turn.shell;
  const head = isAway ? [''] : [`${engine.id}:`, RULE];
  const lines = [
    ...head,
    'Shutdown NOW!',
    pidOf(context),
    ...(isAway ? ['', 'rlogin: connection closed'] : []),
  ];
  return {
    device: withEngine(device, engine.id, patch),
    shell,
    effects: [{ kind: 'timer', name: ENGINE_TIMER, delayMs }, print(lines)],
    mutation: 'reload-other',
  };
}

/** A reboot that was asked for some time ago. */
export function rebootOnTime(device: SimDevice, context: SimContext) {
  const { rebootScope, rebootAtMs } = readOwn(device);
  if (rebootAtMs === 0) return { device, effects: [] };
  if (rebootScope === 'other') {
    const other = otherEngine(device) ?? masterEngine(device);
    const backAtMs = context.nowMs + bootMs(device, other, context);
    const booting = withEngine(device, other.id, { backAtMs, reason: USER_REASON });
    return { device: withOwn(booting, { rebootAtMs: 0, rebootScope: '' }), effects: [] };
  }
  const { device: going, effects } = fall(
    device,
    rebootScope === 'both' ? 'both' : 'local',
    context,
  );
  return { device: going, effects };
}

/** `request chassis routing-engine master switch`. */
export function askSwitch(turn: Turn, isSure: boolean): SimAnswer {
  const other = otherEngine(turn.device);
  const { nowMs } = turn.context;
  const { switchedAtMs } = readOwn(turn.device);
  if (!other || !isUp(other, nowMs)) {
    return reply(turn, [
      'error: Mastership switch not possible: the other routing engine is not ready',
    ]);
  }
  const waitMs = switchedAtMs + SWITCH_PAUSE_MS - nowMs;
  if (switchedAtMs > 0 && waitMs > 0) {
    return reply(turn, [
      `Not ready for mastership switch, try after ${Math.ceil(waitMs / 1000)} secs.`,
    ]);
  }
  if (isSure) return switchMaster(turn);
  const question = { id: 'switch', takes: 'line', data: {} } as const;
  return asking(turn, question, 'Toggle mastership between routing engines ? [yes,no] (no) ');
}

export function answerSwitch(turn: Turn, text: string): SimAnswer {
  const idle = { ...turn, shell: answered(turn.shell) };
  return isYes(text) ? switchMaster(idle) : reply(idle, []);
}

function switchMaster(turn: Turn): SimAnswer {
  const { device, context } = turn;
  const other = otherEngine(device);
  if (!other) return reply(turn, []);
  const said = print([
    '',
    'Resolving mastership...',
    'Complete. The other routing engine becomes the master.',
  ]);
  const noted = withOwn(device, { switchedAtMs: context.nowMs });
  const isGraceful =
    hasGracefulSwitchover(device) && other.running.version === masterEngine(device).running.version;
  // The address goes to the other engine: this connection is over, forwarding goes on or begins anew.
  if (isGraceful) {
    const moved = followConfig(withMaster(noted, other.id));
    return {
      device: moved,
      shell: turn.shell,
      effects: [said, { kind: 'close-shell' }],
      mutation: 'switch-master',
    };
  }
  const delayMs = between(context, 1000, 3000);
  return {
    device: withOwn(noted, { going: 'switch' }),
    shell: turn.shell,
    effects: [
      said,
      print([], delayMs + CUT_OFF_MS),
      { kind: 'reload', delayMs, reason: 'mastership switch' },
    ],
    mutation: 'switch-master',
  };
}

/** `request system halt` and `power-off`: only hands bring it back. */
export function answerHalt(turn: Turn, text: string): SimAnswer {
  const idle = { ...turn, shell: answered(turn.shell) };
  if (!isYes(text)) return reply(idle, []);
  const falling = fall(turn.device, 'both', turn.context);
  return {
    device: withOwn(falling.device, { going: 'halt' }),
    shell: idle.shell,
    effects: [print(['', 'Shutdown NOW!', pidOf(turn.context)]), ...falling.effects],
    mutation: 'halt',
  };
}
