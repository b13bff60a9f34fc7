import type { SimAnswer, SimEffect, SimShell } from '../../src/driver/personality.js';
import { diffConfig } from './personality-config.js';
import { expandWord } from './personality-grammar.js';
import { SAVE_FAILED, saveConfig } from './personality-files.js';
import { ask, clockTime, print, type Turn, USER_RELOAD, withOwn } from './personality-state.js';

/** Rows of a page, the pager's own line among them. */
const PAGE_LINES = 23;
const MORE = ' --More-- ';
/** What a terminal of EOS gets to wipe the pager's own line. */
const WIPE = '\r\u001b[K';

type Question = NonNullable<SimShell['question']>;

function asking(turn: Turn, question: Question, effects: readonly SimEffect[]): SimAnswer {
  return { device: turn.device, shell: { ...turn.shell, question }, effects };
}

/** The shell with no question open. */
function answered(shell: SimShell): SimShell {
  return { mode: shell.mode, paging: shell.paging };
}

/** Prints all of it, or the first page with `--More--` when the shell pages. */
export function page(turn: Turn, lines: readonly string[]): SimAnswer {
  if (!turn.shell.paging || lines.length < PAGE_LINES) {
    const effects = lines.length === 0 ? [] : [print(lines)];
    return { device: turn.device, shell: turn.shell, effects };
  }
  return morePage(turn, lines, { first: PAGE_LINES - 1, before: '' });
}

function morePage(
  turn: Turn,
  lines: readonly string[],
  how: { readonly first: number; readonly before: string },
): SimAnswer {
  const shown = print(lines.slice(0, how.first));
  const rest = lines.slice(how.first);
  const text = how.before + (shown.kind === 'print' ? shown.text : '');
  if (rest.length === 0) {
    return { device: turn.device, shell: answered(turn.shell), effects: [ask(text)] };
  }
  const question: Question = { id: 'more', takes: 'key', data: { rest } };
  return asking(turn, question, [ask(text + MORE)]);
}

function moreKey(turn: Turn, question: Question, key: string): SimAnswer {
  const rest = restOf(question.data['rest']);
  if (key === 'q' || key === 'Q' || key === '\u0003') {
    return { device: turn.device, shell: answered(turn.shell), effects: [ask(WIPE)] };
  }
  const first = key === '' || key === '\r' || key === '\n' ? 1 : PAGE_LINES - 1;
  return morePage(turn, rest, { first, before: WIPE });
}

function restOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string') : [];
}

const ENABLE_TRIES = 3;

export function askEnable(turn: Turn, tries = 1): SimAnswer {
  const question: Question = { id: 'enable', takes: 'line', hidden: true, data: { tries } };
  return asking(turn, question, [ask('Password: ')]);
}

function enableAnswer(turn: Turn, question: Question, text: string): SimAnswer {
  const { device, shell } = turn;
  if (text === device.login.enable) {
    return { device, shell: { ...answered(shell), mode: 'enable' }, effects: [print([''])] };
  }
  const tries = question.data['tries'];
  if (typeof tries === 'number' && tries < ENABLE_TRIES) {
    const again = askEnable(turn, tries + 1);
    return { ...again, effects: [print(['']), ...again.effects] };
  }
  return { device, shell: answered(shell), effects: [print(['', '% Bad secret'])] };
}

const SAVE_QUESTION = 'System configuration has been modified. Save? [yes/no/cancel/diff]:';

/** `reload`: asks to save when something is unsaved, then for one key. */
export function startReload(turn: Turn): SimAnswer {
  if (turn.device.runningConfig !== turn.device.startupConfig) return askSave(turn, []);
  return askConfirm(turn, []);
}

function askSave(turn: Turn, before: readonly SimEffect[]): SimAnswer {
  const question: Question = { id: 'reload-save', takes: 'line', data: {} };
  return asking(turn, question, [...before, ask(SAVE_QUESTION)]);
}

function askConfirm(turn: Turn, before: readonly SimEffect[]): SimAnswer {
  const question: Question = { id: 'reload-confirm', takes: 'key', data: {} };
  return asking(turn, question, [...before, ask('Proceed with reload? [confirm]')]);
}

function saveAnswer(turn: Turn, text: string): SimAnswer {
  const { device, shell, context } = turn;
  const word = expandWord(['yes', 'no', 'cancel', 'diff'], text.trim());
  if (text.trim() === '' || word === undefined || word === 'ambiguous') {
    return askSave(turn, [print(['Invalid response'])]);
  }
  if (word.word === 'cancel') {
    return { device, shell: answered(shell), effects: [print(['Reload cancelled'])] };
  }
  if (word.word === 'diff') {
    return askSave(turn, [print(diffConfig(device.startupConfig, device.runningConfig))]);
  }
  if (word.word === 'no') return askConfirm(turn, []);
  const saved = saveConfig(device, context.nowMs);
  if (saved === undefined) {
    return { device, shell: answered(shell), effects: [print([SAVE_FAILED])] };
  }
  const next = askConfirm({ ...turn, device: saved }, []);
  return { ...next, mutation: 'save-config' };
}

function confirmAnswer(turn: Turn, key: string): SimAnswer {
  const isYes = ['', '\r', '\n', 'y', 'Y'].includes(key);
  if (isYes) return goDown({ ...turn, shell: answered(turn.shell) }, 'Proceeding with reload');
  return {
    device: turn.device,
    shell: answered(turn.shell),
    effects: [print(['', 'Reload cancelled'])],
  };
}

/** Agents are told to stop before the supervisor resets: the shell stays for a short while. */
const DOWN_MIN_MS = 1500;
const DOWN_SPREAD_MS = 6000;
const CUT_OFF_MS = 10_000;

/** The switch takes the reload: from here on it cannot be called back. */
export function goDown(turn: Turn, said: string): SimAnswer {
  const { device, shell, context } = turn;
  const delayMs = DOWN_MIN_MS + Math.floor(context.chance() * DOWN_SPREAD_MS);
  const broadcast = [
    `Broadcast message from root@${device.hostname}`,
    `        (unknown) at ${clockTime(context.nowMs).slice(0, 5)} ...`,
    '',
    'The system is going down for reboot NOW!',
  ];
  return {
    device: withOwn(device, { pendingReload: USER_RELOAD }),
    shell,
    effects: [
      print(['', said]),
      // The shell hangs in the command until it is cut off: no prompt comes back.
      print([], delayMs + CUT_OFF_MS),
      { kind: 'log', text: broadcast.join('\r\n') },
      { kind: 'reload', delayMs, reason: USER_RELOAD },
    ],
    mutation: 'reload',
  };
}

/** The answer to whatever the shell has open. */
export function answerQuestion(turn: Turn, question: Question, text: string): SimAnswer {
  switch (question.id) {
    case 'more':
      return moreKey(turn, question, text);
    case 'enable':
      return enableAnswer(turn, question, text);
    case 'reload-save':
      return saveAnswer(turn, text);
    case 'reload-confirm':
      return confirmAnswer(turn, text);
    default:
      return { device: turn.device, shell: answered(turn.shell), effects: [] };
  }
}
