import type {
  Personality,
  SimAnswer,
  SimContext,
  SimDevice,
  SimEffect,
  SimShell,
} from '../../src/driver/personality.js';
import { boot, create, PLATFORM } from './personality-boot.js';
import { isMultiVdom, isUnsaved, nameOf, pages } from './personality-config.js';
import { INCOMPLETE, parseError } from './personality-config-check.js';
import { REVERT_TIMER, revertMs, revertNow, watchUnsaved } from './personality-config-change.js';
import { configLine, openSection } from './personality-config-mode.js';
import { answerers, execCommands } from './personality-exec.js';
import { type Command, findCommand, splitPipe } from './personality-grammar.js';
import { mib } from './personality-mib.js';
import { imageCode, MODELS } from './personality-models.js';
import { getConfig, show } from './personality-show-config.js';
import { haCommands } from './personality-show-ha.js';
import { networkCommands } from './personality-show-network.js';
import { systemCommands } from './personality-show-system.js';
import {
  answerOf,
  HOME,
  placeOf,
  type Reply,
  type Turn,
  withPlace,
  shellUnit,
} from './personality-state.js';
import { releaseOf } from './personality-text.js';
import { type Word, wordsOf } from './personality-tree.js';
import { FAILOVER_TIMER, handOver, pulled, WRITE_TIMER, written } from './personality-upgrade.js';

const COMMANDS: readonly Command[] = [
  ...systemCommands,
  ...haCommands,
  ...networkCommands,
  ...execCommands,
];
const LINE_LENGTH_MAX = 4096;
const FIRST_WORDS = ['config', 'get', 'show', 'diagnose', 'execute', 'exit', 'quit', 'end'];

function firstWord(typed: string): string | undefined {
  const exact = FIRST_WORDS.find((word) => word === typed);
  const fits = FIRST_WORDS.filter((word) => word.startsWith(typed));
  return exact ?? (fits.length === 1 ? fits[0] : undefined);
}

const UNKNOWN: Reply = { lines: ['Unknown action 0', ''] };

/** `config global` and `config vdom`: a scope, not a part of the configuration. */
function openScope(turn: Turn, name: string): Reply {
  return { shell: withPlace(turn.shell, { ...placeOf(turn.shell), scope: name }) };
}

function leaveScope(turn: Turn): Reply {
  const { scope, ...place } = placeOf(turn.shell);
  return scope === undefined ? UNKNOWN : { shell: withPlace(turn.shell, place) };
}

function run(turn: Turn, words: readonly string[]): Reply {
  const found = findCommand(COMMANDS, words);
  switch (found.kind) {
    case 'found':
      return found.command.run(turn, found.args);
    case 'incomplete':
      return { lines: [...INCOMPLETE, ''] };
    case 'ambiguous':
      return {
        lines: [
          '',
          `ambiguous command before '${found.word}'`,
          'Command fail. Return code -61',
          '',
        ],
      };
    case 'unknown':
      return { lines: [...parseError(found.word), ''] };
  }
}

/** `get` shows state, or else a part of the configuration. */
function get(turn: Turn, words: readonly string[]): Reply {
  const found = findCommand(COMMANDS, ['get', ...words]);
  if (found.kind === 'found') return found.command.run(turn, found.args);
  return getConfig(turn, words) ?? run(turn, ['get', ...words]);
}

/** With virtual domains, only a few commands work outside of them. */
function isOutOfScope({ device, shell }: Turn, words: readonly string[]): boolean {
  if (!isMultiVdom(device) || placeOf(shell).scope !== undefined) return false;
  return /^(execute|diagnose|get)/.test(words[0] ?? '') && words.join(' ') !== 'get system status';
}

function atHome(turn: Turn, typed: readonly Word[]): Reply {
  const words = typed.map(({ text }) => text);
  const first = firstWord(words[0] ?? '');
  const rest = words.slice(1);
  if (first === undefined) return UNKNOWN;
  if (isOutOfScope(turn, [first, ...rest])) return { lines: [...parseError(rest[0] ?? first), ''] };
  const answer = Object.hasOwn(AT_HOME, first) ? AT_HOME[first] : undefined;
  return answer ? answer(turn, rest) : run(turn, [first, ...rest]);
}

const AT_HOME: Readonly<
  Record<string, ((turn: Turn, words: readonly string[]) => Reply) | undefined>
> = {
  config: (turn, words) =>
    words.length === 1 && /^(global|vdom)$/.test(words[0] ?? '')
      ? openScope(turn, words[0] ?? '')
      : openSection(turn, words),
  show,
  get,
  end: leaveScope,
};

function inConfig(turn: Turn, typed: readonly Word[]): Reply {
  const known = configLine(turn, typed);
  if (known) return known;
  const [first = '', ...rest] = typed.map(({ text }) => text);
  if ('show'.startsWith(first) && first.length > 1) return show(turn, rest);
  if ('get'.startsWith(first)) return getConfig(turn, rest) ?? UNKNOWN;
  return UNKNOWN;
}

/** `config vdom` wants `edit NAME`; after it the shell is in that domain. */
function inScopeTable(turn: Turn, words: readonly Word[]): Reply {
  const [verb, name] = words.map(({ text }) => text);
  if (verb === 'edit' && name !== undefined) return openScope(turn, name);
  return verb === 'end' || verb === 'next' ? leaveScope(turn) : UNKNOWN;
}

function command(turn: Turn, text: string): Reply {
  const place = placeOf(turn.shell);
  const whole = place.open === undefined ? text : `${place.open}\n${text}`;
  const words = wordsOf(whole);
  if (words === undefined) return { shell: withPlace(turn.shell, { ...place, open: whole }) };
  const { open: _open, ...bare } = place;
  const ready: Turn = { ...turn, shell: withPlace(turn.shell, bare) };
  const answer = dispatch(ready, words, whole);
  return { shell: ready.shell, ...answer };
}

function dispatch(turn: Turn, words: readonly Word[], text: string): Reply {
  const place = placeOf(turn.shell);
  if (place.frames.length === 0 && place.scope === 'vdom') return inScopeTable(turn, words);
  const { line, filter } = splitPipe(text);
  const typed = filter === undefined ? words : (wordsOf(line) ?? []);
  const reply = place.frames.length > 0 ? inConfig(turn, typed) : atHome(turn, typed);
  if (filter === undefined || reply.lines === undefined) return reply;
  return { ...reply, lines: [...filter(reply.lines.slice(0, -1)), ''] };
}

/** A blank line stands before the next prompt, whatever was said. */
function spaced(reply: Reply): Reply {
  if (reply.ask !== undefined || reply.lines?.at(-1) === '') return reply;
  return { ...reply, lines: [...(reply.lines ?? []), ''] };
}

function answer(turn: Turn, key: string): Reply {
  const { question, ...idle } = turn.shell;
  if (question === undefined) return {};
  const calm: Turn = { ...turn, shell: idle };
  const answerer = Object.hasOwn(answerers, question.id) ? answerers[question.id] : undefined;
  if (question.takes === 'line') {
    return { shell: idle, ...answerer?.(calm, question.data, key) };
  }
  const isYes = key.toLowerCase() === 'y';
  if (!isYes && key.toLowerCase() !== 'n') return { shell: turn.shell };
  if (!isYes || !answerer) return { shell: idle, lines: [key, ''] };
  const reply = answerer(calm, question.data, key);
  return { shell: idle, ...reply, lines: [key, ...(reply.lines ?? [])] };
}

function reply(turn: Turn, text: string): Reply {
  if (turn.shell.question !== undefined) return answer(turn, text);
  if (text.trim() === '' && placeOf(turn.shell).open === undefined) return {};
  return spaced(command(turn, text));
}

/** Control characters never reach the parser; nor does more than a terminal line holds. */
function clean(text: string, shell: SimShell): string {
  if (shell.question?.takes === 'key') return text.slice(0, 1);
  return text.slice(0, LINE_LENGTH_MAX).replace(/\p{Cc}/gu, '');
}

/** Whoever types keeps unsaved changes alive: the revert timer counts idle time. */
function keptAlive(answered: SimAnswer, nowMs: number): SimAnswer {
  const { device } = answered;
  if (revertMs(device) === 0 || !isUnsaved(device)) return answered;
  const { device: watched, effects } = watchUnsaved(device, nowMs);
  const others = answered.effects.filter(
    (effect) => effect.kind !== 'timer' || effect.name !== REVERT_TIMER,
  );
  return { ...answered, device: watched, effects: [...others, ...effects] };
}

function line(device: SimDevice, shell: SimShell, text: string, context: SimContext): SimAnswer {
  const turn: Turn = { device, shell, context };
  const answered = answerOf(turn, reply(turn, clean(text, shell)));
  const paging = answered.shell.paging && pages(answered.device);
  return keptAlive({ ...answered, shell: { ...answered.shell, paging } }, context.nowMs);
}

/** Empty while a question is open: its text was printed when it was asked. */
function prompt(device: SimDevice, shell: SimShell): string {
  if (shell.question !== undefined) return '';
  const { frames, scope, open } = placeOf(shell);
  if (open !== undefined) return '> ';
  const name = frames.at(-1)?.name.split(' ').at(-1) ?? scope;
  const host = nameOf(device, shellUnit({ device, shell }));
  return name === undefined ? `${host} # ` : `${host} (${name}) # `;
}

function timer(
  device: SimDevice,
  name: string,
  context: SimContext,
): { device: SimDevice; effects: readonly SimEffect[] } {
  if (name === REVERT_TIMER) return revertNow(device, context.nowMs);
  if (name === FAILOVER_TIMER) return handOver(device);
  return name === WRITE_TIMER ? written(device) : { device, effects: [] };
}

/** The simulated FortiGate: one unit, or an active-passive cluster that answers through its primary. */
export const personality: Personality = {
  platform: PLATFORM,
  models: MODELS.map(({ name }) => name),
  create,
  banner: () => '',
  login: (device) => ({ mode: HOME, paging: pages(device) }),
  prompt,
  line,
  timer,
  pulled,
  boot,
  /** An image copied in by SCP would be installed at once; the lab does not play that. */
  uploadTarget: () => undefined,
  mib,
  imageFileName: (version, model) => {
    const { version: plain, build, label } = releaseOf(version);
    const letter = label.split('.')[1];
    const tail = letter === undefined ? '' : `.${letter}`;
    return `${imageCode(model)}-v${plain}${tail}-build${build}-FORTINET.out`;
  },
};
