import type {
  Personality,
  SimAnswer,
  SimBoot,
  SimContext,
  SimDevice,
  SimEffect,
  SimFile,
} from '../../src/driver/personality.js';
import { putFile } from './flash.js';
import { deepFreeze } from './freeze.js';
import { arrive, newShell, page, typeIn, type ShellState } from './shell.js';

/** A device as the lab holds it: what the personality knows, the open shells, the boot under way. */
export interface DeviceState {
  readonly device: SimDevice;
  readonly shells: Readonly<Record<string, ShellState>>;
  /** While booting: what it will come up as. */
  readonly boot?: SimBoot;
}

export type DeviceEvent =
  /** A channel for one command has no pager. */
  | { readonly kind: 'open-shell'; readonly shell: string; readonly paging?: false }
  /** Bytes typed. */
  | { readonly kind: 'input'; readonly shell: string; readonly text: string }
  /** A line that `entered` announced, let through to the personality. */
  | { readonly kind: 'line'; readonly shell: string; readonly text: string }
  /** The slow output of a line is complete. */
  | { readonly kind: 'output-over'; readonly shell: string }
  | { readonly kind: 'close-shell'; readonly shell: string }
  | { readonly kind: 'timer'; readonly name: string }
  | { readonly kind: 'go-down' }
  /** The boot that began with `go-down` is over. */
  | { readonly kind: 'come-up' }
  /** Mains off and on for a device that stayed dead. */
  | { readonly kind: 'power-cycle' }
  | { readonly kind: 'file'; readonly memberId: string; readonly file: SimFile }
  /** The surroundings changed the device: ports, neighbours, faults, a name. */
  | { readonly kind: 'replace'; readonly device: SimDevice };

export type DeviceEffect =
  | {
      readonly kind: 'output';
      readonly shell: string;
      readonly text: string;
      readonly delayMs: number;
    }
  /** A line was entered: bring it back as `line`, unless something is in the way. */
  | { readonly kind: 'entered'; readonly shell: string; readonly text: string }
  /** Bring `output-over` after `delayMs`. */
  | { readonly kind: 'running'; readonly shell: string; readonly delayMs: number }
  | { readonly kind: 'timer'; readonly name: string; readonly delayMs: number }
  | { readonly kind: 'cancel-timer'; readonly name: string }
  | { readonly kind: 'reload'; readonly delayMs: number; readonly reason: string }
  | { readonly kind: 'mutation'; readonly name: string; readonly line: string }
  /** Bring `come-up` after `afterMs`. */
  | { readonly kind: 'booting'; readonly afterMs: number }
  | { readonly kind: 'dead'; readonly why: string }
  | { readonly kind: 'up' }
  | { readonly kind: 'shell-over'; readonly shell: string; readonly delayMs: number };

export interface StepResult {
  readonly state: DeviceState;
  readonly effects: readonly DeviceEffect[];
}

/** All that a step may ask: time, chance and the platform's own side are arguments. */
export interface StepContext extends SimContext {
  readonly personality: Personality;
}

const unchanged = (state: DeviceState): StepResult => ({ state, effects: [] });
const isUp = (state: DeviceState) =>
  state.device.power === 'up' || state.device.power === 'going-down';

function withShell(state: DeviceState, id: string, shell: ShellState): DeviceState {
  return { ...state, shells: { ...state.shells, [id]: shell } };
}

function withoutShell(state: DeviceState, id: string): DeviceState {
  const { [id]: _gone, ...shells } = state.shells;
  return { ...state, shells };
}

const output = (shell: string, text: string, delayMs = 0): readonly DeviceEffect[] =>
  text === '' ? [] : [{ kind: 'output', shell, text, delayMs }];

/** The prompt, unless a question or the pager is open. */
function promptOf(state: DeviceState, shell: ShellState, context: StepContext): string {
  if (shell.shell.question || shell.held.length > 0) return '';
  return context.personality.prompt(state.device, shell.shell);
}

function openShell(
  state: DeviceState,
  event: Extract<DeviceEvent, { kind: 'open-shell' }>,
  context: StepContext,
): StepResult {
  if (!isUp(state)) return unchanged(state);
  const { personality } = context;
  const id = event.shell;
  const login = personality.login(state.device);
  const shell = newShell(event.paging === false ? { ...login, paging: false } : login);
  const text = personality.banner(state.device) + promptOf(state, shell, context);
  return { state: withShell(state, id, shell), effects: output(id, text) };
}

/** Works through typed-ahead input of a shell that is ready for it. */
function pump(state: DeviceState, id: string, context: StepContext): StepResult {
  let shell = state.shells[id];
  let echo = '';
  while (shell && shell.phase === 'ready' && shell.queue !== '') {
    const typed = typeIn(shell);
    shell = typed.state;
    echo += typed.echo;
    if (typed.promptDue) echo += promptOf(state, shell, context);
    if (typed.entered !== undefined) {
      const entered: DeviceEffect = { kind: 'entered', shell: id, text: typed.entered };
      return { state: withShell(state, id, shell), effects: [...output(id, echo), entered] };
    }
  }
  if (!shell) return unchanged(state);
  return { state: withShell(state, id, shell), effects: output(id, echo) };
}

/** A log line breaks into what is on the screen; prompt and half-typed line are shown again. */
function logTo(state: DeviceState, text: string, context: StepContext): readonly DeviceEffect[] {
  const line = `\r\n${text.replace(/(\r?\n)+$/, '')}\r\n`;
  return Object.entries(state.shells).flatMap(([id, shell]) => {
    const isIdle = shell.phase === 'ready' && shell.held.length === 0;
    const again = isIdle ? promptOf(state, shell, context) + shell.typed : '';
    return output(id, line + again);
  });
}

/** Effects that do not belong to one shell. */
function spread(
  state: DeviceState,
  effects: readonly SimEffect[],
  context: StepContext,
): readonly DeviceEffect[] {
  return effects.flatMap((effect): readonly DeviceEffect[] => {
    switch (effect.kind) {
      case 'log':
      case 'print':
        return logTo(state, effect.text, context);
      case 'timer':
      case 'cancel-timer':
      case 'reload':
        return [effect];
      case 'pull':
      case 'close-shell':
        return [];
    }
  });
}

interface Printed {
  readonly shell: ShellState;
  readonly effects: readonly DeviceEffect[];
  /** When the last of it is out. */
  readonly overMs: number;
}

/** The output of an answer: pieces keep their order, undelayed text goes through the pager. */
function print(id: string, start: ShellState, answer: SimAnswer): Printed {
  const prints = answer.effects.filter((effect) => effect.kind === 'print');
  const asks = answer.shell.question !== undefined;
  const isSlow = prints.some(({ delayMs = 0 }) => delayMs > 0);
  if (!isSlow) {
    const text = prints.map((effect) => effect.text).join('');
    const ended = text === '' || asks || text.endsWith('\n') ? text : `${text}\r\n`;
    const { state, shown } = page(start, ended);
    return { shell: state, effects: output(id, shown), overMs: 0 };
  }
  let overMs = 0;
  const effects = prints.flatMap(({ text, delayMs = 0 }, index) => {
    overMs = Math.max(overMs, delayMs);
    const isLast = index === prints.length - 1;
    const end = isLast && !asks && !text.endsWith('\n') ? '\r\n' : '';
    return output(id, text + end, overMs);
  });
  return { shell: start, effects, overMs };
}

function answerLine(state: DeviceState, id: string, text: string, context: StepContext) {
  const old = state.shells[id];
  if (!old || !isUp(state)) return unchanged(state);
  const answer = context.personality.line(state.device, old.shell, text, context);
  const printed = print(id, { ...old, shell: answer.shell, phase: 'ready' }, answer);
  const isSlow = printed.overMs > 0;
  const shell: ShellState = { ...printed.shell, phase: isSlow ? 'running' : 'ready' };
  let next = withShell({ ...state, device: answer.device }, id, shell);
  const others = answer.effects.filter((effect) => effect.kind !== 'print');
  const effects: DeviceEffect[] = [];
  if (answer.mutation !== undefined) {
    effects.push({ kind: 'mutation', name: answer.mutation, line: text });
  }
  effects.push(...printed.effects);
  const isOver = others.some((effect) => effect.kind === 'close-shell');
  if (isOver) {
    next = withoutShell(next, id);
    effects.push({ kind: 'shell-over', shell: id, delayMs: printed.overMs });
  } else if (isSlow) {
    effects.push({ kind: 'running', shell: id, delayMs: printed.overMs });
  } else {
    effects.push(...output(id, promptOf(next, shell, context)));
  }
  effects.push(...spread(next, others, context));
  return follow({ state: next, effects }, id, context);
}

/** Goes on with what was typed ahead. */
function follow(result: StepResult, id: string, context: StepContext): StepResult {
  const pumped = pump(result.state, id, context);
  return { state: pumped.state, effects: [...result.effects, ...pumped.effects] };
}

function outputOver(state: DeviceState, id: string, context: StepContext): StepResult {
  const shell = state.shells[id];
  if (!shell || shell.phase !== 'running') return unchanged(state);
  const ready: ShellState = { ...shell, phase: 'ready' };
  const next = withShell(state, id, ready);
  return follow({ state: next, effects: output(id, promptOf(next, ready, context)) }, id, context);
}

function goDown(state: DeviceState, context: StepContext): StepResult {
  const leaving: SimDevice = { ...state.device, power: 'going-down' };
  const boot = context.personality.boot(leaving, context);
  const power = boot.kind === 'boots' ? 'booting' : 'dead';
  const device: SimDevice = { ...leaving, power, powerSinceMs: context.nowMs };
  const over = Object.keys(state.shells).map((shell): DeviceEffect => ({
    kind: 'shell-over',
    shell,
    delayMs: 0,
  }));
  const fate: DeviceEffect =
    boot.kind === 'boots'
      ? { kind: 'booting', afterMs: boot.afterMs }
      : { kind: 'dead', why: boot.why };
  return { state: { device, shells: {}, boot }, effects: [...over, fate] };
}

/** The device that the boot promised, in the surroundings as they are now. Nothing routed is up yet. */
function awake(state: DeviceState, promised: SimDevice, nowMs: number): SimDevice {
  const { device } = state;
  const ports = promised.ports.map((port) => {
    const now = device.ports.find(({ name }) => name === port.name);
    if (!now) return port;
    const { remote: _remote, ...bare } = port;
    return { ...bare, oper: now.oper, ...(now.remote && { remote: now.remote }) };
  });
  const peers = promised.peers.map((peer) => ({
    ...peer,
    up: false,
    sinceMs: nowMs,
    prefixes: 0,
  }));
  return {
    ...promised,
    ports,
    peers,
    redundancy: { ...promised.redundancy, peerUp: false },
    faults: device.faults,
    power: 'up',
    powerSinceMs: nowMs,
    bootCount: device.bootCount + 1,
  };
}

function comeUp(state: DeviceState, context: StepContext): StepResult {
  if (state.boot?.kind !== 'boots') return unchanged(state);
  const device = awake(state, state.boot.device, context.nowMs);
  const next: DeviceState = { device, shells: {} };
  return { state: next, effects: [{ kind: 'up' }, ...spread(next, state.boot.effects, context)] };
}

function runTimer(state: DeviceState, name: string, context: StepContext): StepResult {
  if (!isUp(state)) return unchanged(state);
  const answer = context.personality.timer(state.device, name, context);
  const next = { ...state, device: answer.device };
  return { state: next, effects: spread(next, answer.effects, context) };
}

function react(state: DeviceState, event: DeviceEvent, context: StepContext): StepResult {
  switch (event.kind) {
    case 'open-shell':
      return openShell(state, event, context);
    case 'input': {
      const shell = state.shells[event.shell];
      if (!shell) return unchanged(state);
      const next = withShell(state, event.shell, arrive(shell, event.text));
      return pump(next, event.shell, context);
    }
    case 'line':
      return answerLine(state, event.shell, event.text, context);
    case 'output-over':
      return outputOver(state, event.shell, context);
    case 'close-shell':
      return unchanged(withoutShell(state, event.shell));
    case 'timer':
      return runTimer(state, event.name, context);
    default:
      return reactToPower(state, event, context);
  }
}

type PowerEvent = Extract<
  DeviceEvent,
  { kind: 'go-down' | 'come-up' | 'power-cycle' | 'file' | 'replace' }
>;

/** A file that arrives during a boot is also in the flash of what comes up. */
function withFile(state: DeviceState, memberId: string, file: SimFile): DeviceState {
  const device = putFile(state.device, memberId, file);
  if (!state.boot) return { ...state, device };
  const boot = { ...state.boot, device: putFile(state.boot.device, memberId, file) };
  return { ...state, device, boot };
}

function reactToPower(state: DeviceState, event: PowerEvent, context: StepContext): StepResult {
  switch (event.kind) {
    case 'go-down':
      return isUp(state) ? goDown(state, context) : unchanged(state);
    case 'come-up':
      return comeUp(state, context);
    case 'power-cycle':
      return state.device.power === 'booting' ? unchanged(state) : goDown(state, context);
    case 'file':
      return unchanged(withFile(state, event.memberId, event.file));
    case 'replace':
      return unchanged({ ...state, device: event.device });
  }
}

/** One event, one new state, and what is to be done about it. Pure; the state given is not touched, the new one frozen. */
export function step(state: DeviceState, event: DeviceEvent, context: StepContext): StepResult {
  return deepFreeze(react(state, event, context));
}

/** An event as one line of the log. */
export function describeEvent(event: DeviceEvent): string {
  switch (event.kind) {
    case 'input':
    case 'line':
      return `${event.kind} ${event.shell} ${JSON.stringify(event.text)}`;
    case 'open-shell':
    case 'close-shell':
    case 'output-over':
      return `${event.kind} ${event.shell}`;
    case 'timer':
      return `timer ${event.name}`;
    case 'file':
      return `file ${event.memberId} ${event.file.name} ${event.file.sha512.slice(0, 12)}`;
    default:
      return event.kind;
  }
}
