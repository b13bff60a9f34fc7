import type { SimAnswer, SimEffect } from '../../src/driver/personality.js';
import {
  isUp,
  unchanged,
  withoutShell,
  withShell,
  type DeviceEffect,
  type DeviceEvent,
  type DeviceState,
  type StepContext,
  type StepResult,
} from './device-state.js';
import { newShell, page, typeIn, type ShellState } from './shell.js';

const output = (shell: string, text: string, delayMs = 0): readonly DeviceEffect[] =>
  text === '' ? [] : [{ kind: 'output', shell, text, delayMs }];

/** The prompt, unless a question or the pager is open. */
function promptOf(state: DeviceState, shell: ShellState, context: StepContext): string {
  if (shell.shell.question || shell.held.length > 0) return '';
  return context.personality.prompt(state.device, shell.shell);
}

export function openShell(
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
export function pump(state: DeviceState, id: string, context: StepContext): StepResult {
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
export function spread(
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
      case 'pull':
        return [effect];
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
function print(id: string, start: ShellState, answer: SimAnswer, pages: boolean): Printed {
  const prints = answer.effects.filter((effect) => effect.kind === 'print');
  const asks = answer.shell.question !== undefined;
  const isSlow = prints.some(({ delayMs = 0 }) => delayMs > 0);
  if (!isSlow) {
    const text = prints.map((effect) => effect.text).join('');
    const ended = text === '' || asks || text.endsWith('\n') ? text : `${text}\r\n`;
    const { state, shown } = pages ? page(start, ended) : { state: start, shown: ended };
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

export function answerLine(
  state: DeviceState,
  id: string,
  text: string,
  context: StepContext,
): StepResult {
  const old = state.shells[id];
  if (!old || !isUp(state)) return unchanged(state);
  const answer = context.personality.line(state.device, old.shell, text, context);
  const said = say({ ...state, device: answer.device }, id, answer, context);
  if (answer.mutation === undefined) return said;
  const mutation: DeviceEffect = { kind: 'mutation', name: answer.mutation, line: text };
  return { ...said, effects: [mutation, ...said.effects] };
}

/** Carries an answer to the shell that it belongs to; the prompt follows, unless something is under way. */
function say(state: DeviceState, id: string, answer: SimAnswer, context: StepContext): StepResult {
  const old = state.shells[id];
  if (!old) return unchanged(state);
  const start: ShellState = { ...old, shell: answer.shell, phase: 'ready' };
  const printed = print(id, start, answer, context.personality.pages !== 'itself');
  const others = answer.effects.filter((effect) => effect.kind !== 'print');
  const pulls = others.filter((effect) => effect.kind === 'pull');
  const isSlow = printed.overMs > 0;
  const phase = isSlow || pulls.length > 0 ? 'running' : 'ready';
  const shell: ShellState = { ...printed.shell, phase };
  let next = withShell(state, id, shell);
  if (pulls.length > 0) {
    const waiting = Object.fromEntries(pulls.map(({ tag }) => [tag, id]));
    next = { ...next, pulls: { ...next.pulls, ...waiting } };
  }
  const effects: DeviceEffect[] = [...printed.effects];
  if (others.some((effect) => effect.kind === 'close-shell')) {
    next = withoutShell(next, id);
    effects.push({ kind: 'shell-over', shell: id, delayMs: printed.overMs });
  } else if (pulls.length === 0 && isSlow) {
    effects.push({ kind: 'running', shell: id, delayMs: printed.overMs });
  } else if (pulls.length === 0) {
    effects.push(...output(id, promptOf(next, shell, context)));
  }
  effects.push(...spread(next, others, context));
  return follow({ state: next, effects }, id, context);
}

/** A file has come, or not: the personality says what that means, to the shell that asked if it is still there. */
export function pulled(
  state: DeviceState,
  event: Extract<DeviceEvent, { kind: 'pulled' }>,
  context: StepContext,
): StepResult {
  const { [event.tag]: id, ...pulls } = state.pulls ?? {};
  if (id === undefined || !isUp(state)) return unchanged(state);
  const { personality } = context;
  const answer = personality.pulled?.(state.device, event.tag, event.result, context);
  const effects = answer?.effects ?? [];
  const next: DeviceState = { ...state, pulls, device: answer?.device ?? state.device };
  const shell = next.shells[id];
  if (shell) return say(next, id, { device: next.device, shell: shell.shell, effects }, context);
  const silent = effects.filter((effect) => effect.kind !== 'print');
  return { state: next, effects: spread(next, silent, context) };
}

/** Goes on with what was typed ahead. */
function follow(result: StepResult, id: string, context: StepContext): StepResult {
  const pumped = pump(result.state, id, context);
  return { state: pumped.state, effects: [...result.effects, ...pumped.effects] };
}

export function outputOver(state: DeviceState, id: string, context: StepContext): StepResult {
  const shell = state.shells[id];
  if (!shell || shell.phase !== 'running') return unchanged(state);
  const ready: ShellState = { ...shell, phase: 'ready' };
  const next = withShell(state, id, ready);
  return follow({ state: next, effects: output(id, promptOf(next, ready, context)) }, id, context);
}
