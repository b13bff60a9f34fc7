import type { SimAnswer } from '../../src/driver/personality.js';
import { candidateTree, committedTree, isChanged, withCandidate } from './personality-candidate.js';
import { commit, rollbackTree } from './personality-commit.js';
import { compareTrees } from './personality-compare.js';
import {
  changeNode,
  type ConfigTree,
  cursorAt,
  deletePath,
  moveNode,
  nodeAt,
  nodeLines,
  pathOf,
  setLines,
  setPath,
  type Step,
  tokensOf,
} from './personality-config.js';
import { renderConfig } from './personality-config-text.js';
import { applyFilter, expandWord, splitPipes, tokensIn } from './personality-grammar.js';
import { atPlace, OPERATIONAL, placeOf, promptText } from './personality-mode.js';
import { page } from './personality-pager.js';
import { answered, asking, readOwn, reply, type Turn, withOwn } from './personality-state.js';

const VERBS = [
  'activate',
  'commit',
  'deactivate',
  'delete',
  'edit',
  'exit',
  'insert',
  'quit',
  'rename',
  'rollback',
  'run',
  'set',
  'show',
  'status',
  'top',
  'up',
] as const;

/** What another part of the personality does for this one. */
export type RunOperational = (turn: Turn, line: string) => SimAnswer;

/** `configure`, `configure exclusive`, `configure private`. */
export function enterConfiguration(
  turn: Turn,
  hold: 'shared' | 'exclusive' | 'private',
): SimAnswer {
  const own = readOwn(turn.device);
  const isDirty = own.candidate !== '';
  if (hold === 'exclusive' && isDirty)
    return reply(turn, ['error: configuration database modified']);
  if (hold === 'private' && isDirty) {
    return reply(turn, ['error: shared configuration database modified']);
  }
  const ticket = hold === 'shared' ? 0 : own.ticket + 1;
  const place = placeOf(turn.shell);
  const shell = atPlace(turn.shell, { ...place, kind: 'configuration', hold, ticket, level: [] });
  // A session that holds the configuration and is gone has lost its changes; its hold ends with it.
  const device =
    hold === 'shared'
      ? withOwn(turn.device, { holder: 0, heldCandidate: '' })
      : withOwn(turn.device, { holder: ticket, ticket, heldCandidate: '' });
  const lines = [
    ...(hold === 'shared' ? [] : ['warning: uncommitted changes will be discarded on exit']),
    'Entering configuration mode',
    ...(hold === 'shared' && isDirty
      ? ['The configuration has been changed but not committed']
      : []),
  ];
  return { ...reply({ ...turn, device }, lines), shell };
}

function caretLines(turn: Turn, at: number, what: string): SimAnswer {
  const column = promptText(turn.device, turn.shell).length + at;
  return reply(turn, [`${' '.repeat(column)}^`, what]);
}

/** One line typed in configuration mode. */
export function configLine(turn: Turn, line: string, run: RunOperational): SimAnswer {
  const { command: typed, filters } = splitPipes(line);
  const [first] = tokensIn(typed);
  if (first === undefined) return caretLines(turn, 0, 'syntax error.');
  const verb = expandWord(VERBS, first.text);
  if (verb === undefined) return caretLines(turn, first.at, 'unknown command.');
  if (typeof verb !== 'string') return caretLines(turn, first.at, `'${first.text}' is ambiguous.`);
  const rest = typed.slice(first.at + first.text.length).trim();
  if (verb === 'run') return run(turn, line.slice(first.at + first.text.length).trim());
  return act(turn, { verb, rest, filters, at: typed.length - rest.length, run });
}

interface Doing {
  readonly verb: string;
  readonly rest: string;
  readonly filters: readonly string[];
  readonly at: number;
  readonly run: RunOperational;
}

type Act = (turn: Turn, doing: Doing) => SimAnswer;

const ACTS: Readonly<Record<string, Act>> = {
  set: (turn, doing) => edit(turn, doing, (tree, steps) => setPath(tree, steps)),
  delete: (turn, doing) => (doing.rest === '' ? askDelete(turn) : edit(turn, doing, deletePath)),
  deactivate: (turn, doing) => edit(turn, doing, (tree, steps) => mark(tree, steps, true)),
  activate: (turn, doing) => edit(turn, doing, (tree, steps) => mark(tree, steps, false)),
  insert,
  rename,
  rollback,
  show,
  edit: goInto,
  top: (turn, doing) => {
    const top = atPlace(turn.shell, { ...placeOf(turn.shell), level: [] });
    return onLevel({ ...turn, shell: top }, doing, turn);
  },
  up: goUp,
  exit: (turn, doing) => leave(turn, doing.rest),
  quit: (turn, doing) => leave(turn, doing.rest),
  status: (turn) =>
    reply(turn, [
      'Users currently editing the configuration:',
      `  ${turn.device.login.username} terminal pts/0 on since login`,
    ]),
  commit: (turn, { rest, at }) => {
    const words = tokensIn(rest).map(({ text }) => text);
    return commit(turn, words) ?? caretLines(turn, at, 'syntax error.');
  },
};

function act(turn: Turn, doing: Doing): SimAnswer {
  return ACTS[doing.verb]?.(turn, doing) ?? caretLines(turn, 0, 'unknown command.');
}

/** `top set ...`: the rest of the line is for that level, the shell stays where it was. */
function onLevel(there: Turn, doing: Doing, back: Turn): SimAnswer {
  if (doing.rest === '') return reply(there, []);
  const answer = configLine(there, doing.rest, doing.run);
  const moves = /^(?:edit|exit|quit|up|top)\b/.test(doing.rest);
  if (moves || answer.shell.question !== undefined) return answer;
  return { ...answer, shell: back.shell };
}

function mark(tree: ConfigTree, steps: readonly Step[], inactive: boolean): ConfigTree | undefined {
  return changeNode(tree, steps, (node) => ({ ...node, inactive }));
}

type Way =
  | { readonly kind: 'way'; readonly steps: readonly Step[] }
  | { readonly kind: 'wrong'; readonly answer: SimAnswer };

/** The whole path of a typed one: the level's statements, then its own. */
function wayOf(turn: Turn, typed: string, at: number): Way {
  const { level } = placeOf(turn.shell);
  const tree = candidateTree(turn);
  const tokens = tokensOf(typed);
  const path = pathOf(tokens, cursorAt(tree, level));
  if (path.kind === 'wrong') {
    const before = tokens.slice(0, path.at).join(' ').length;
    const column = at + (path.at === 0 ? 0 : before + 1);
    return { kind: 'wrong', answer: caretLines(turn, column, 'syntax error.') };
  }
  const above = level.map((words): Step => ({
    words: words.split(' '),
    values: [],
    kind: 'block',
  }));
  return { kind: 'way', steps: [...above, ...path.steps] };
}

/** Statements that need something behind their name. */
function isIncomplete(steps: readonly Step[]): boolean {
  const last = steps.at(-1);
  if (last === undefined) return true;
  const needsKey = last.kind === 'entry' && last.words.length === 1;
  const needsValue = (last.kind === 'value' || last.kind === 'values') && last.values.length === 0;
  return needsKey || needsValue;
}

function edit(
  turn: Turn,
  { rest, at, verb }: Doing,
  change: (tree: ConfigTree, steps: readonly Step[]) => ConfigTree | undefined,
): SimAnswer {
  const way = wayOf(turn, rest, at);
  if (way.kind === 'wrong') return way.answer;
  if (rest === '' || (verb === 'set' && isIncomplete(way.steps))) {
    return caretLines(turn, at + rest.length, 'syntax error, expecting <data>.');
  }
  const tree = change(candidateTree(turn), way.steps);
  if (tree === undefined) return reply(turn, ['warning: statement not found']);
  return {
    ...reply({ ...turn, device: withCandidate(turn, tree) }, []),
    mutation: 'edit-candidate',
  };
}

function askDelete(turn: Turn): SimAnswer {
  const question = { id: 'delete-all', takes: 'line', data: {} } as const;
  const text =
    'This will delete the entire configuration\r\nDelete everything under this level? [yes,no] (no) ';
  return asking(turn, question, text);
}

/** The answer to a `delete` of all that is on this level. */
export function answerDelete(turn: Turn, text: string): SimAnswer {
  const shell = answered(turn.shell);
  if (!/^y(?:es)?$/i.test(text.trim())) return reply({ ...turn, shell }, []);
  const { level } = placeOf(shell);
  const tree = candidateTree(turn);
  const steps = level.map((words): Step => ({
    words: words.split(' '),
    values: [],
    kind: 'entry',
  }));
  const left =
    steps.length === 0 ? [] : changeNode(tree, steps, (node) => ({ ...node, children: [] }));
  const device = withCandidate(turn, left ?? tree);
  return { ...reply({ ...turn, device, shell }, []), mutation: 'edit-candidate' };
}

function insert(turn: Turn, { rest, at }: Doing): SimAnswer {
  const found = /^(.+?)\s+(before|after)\s+(.+)$/.exec(rest);
  if (!found) return caretLines(turn, at + rest.length, 'syntax error.');
  const [, from = '', where, to = ''] = found;
  const way = wayOf(turn, from, at);
  if (way.kind === 'wrong') return way.answer;
  const words = to.trim().split(/\s+/);
  const last = way.steps.at(-1);
  // `insert term b before a` is taken for `before term a`.
  const name =
    words.length === 1 && last?.words.length === 2
      ? `${last.words[0]} ${to.trim()}`
      : words.join(' ');
  const moved = moveNode(candidateTree(turn), way.steps, {
    name,
    where: where === 'before' ? 'before' : 'after',
  });
  if (!moved) return reply(turn, [`error: statement '${name}' not found`]);
  return {
    ...reply({ ...turn, device: withCandidate(turn, moved) }, []),
    mutation: 'edit-candidate',
  };
}

function rename(turn: Turn, { rest, at }: Doing): SimAnswer {
  const found = /^(.+?)\s+to\s+(\S+(?:\s+\S+)?)$/.exec(rest);
  if (!found) return caretLines(turn, at + rest.length, 'syntax error.');
  const [, from = '', to = ''] = found;
  const way = wayOf(turn, from, at);
  if (way.kind === 'wrong') return way.answer;
  const tree = changeNode(candidateTree(turn), way.steps, (node) => {
    const words = to.split(/\s+/);
    return {
      ...node,
      words: words.length < node.words.length ? [...node.words.slice(0, -1), ...words] : words,
    };
  });
  if (!tree) return reply(turn, ['warning: statement not found']);
  return {
    ...reply({ ...turn, device: withCandidate(turn, tree) }, []),
    mutation: 'edit-candidate',
  };
}

function rollback(turn: Turn, { rest, at }: Doing): SimAnswer {
  const { rescue } = readOwn(turn.device);
  if (rest === 'rescue' && rescue === '') {
    return reply(turn, ['error: no rescue configuration is set']);
  }
  if (rest !== '' && !/^\d{1,2}$/.test(rest)) return caretLines(turn, at, 'syntax error.');
  const number = rest === '' ? 0 : Number(rest);
  const tree = rollbackTree(turn.device, number);
  if (!tree) return reply(turn, [`error: could not open configuration file: rollback ${number}`]);
  const device = withCandidate(turn, number === 0 ? committedTree(turn.device) : tree);
  return { ...reply({ ...turn, device }, ['load complete']), mutation: 'edit-candidate' };
}

function goInto(turn: Turn, { rest, at }: Doing): SimAnswer {
  if (rest === '') return caretLines(turn, at, 'syntax error.');
  const way = wayOf(turn, rest, at);
  if (way.kind === 'wrong') return way.answer;
  const last = way.steps.at(-1);
  if (last?.kind === 'value' || last?.kind === 'values' || last?.kind === 'flag') {
    return caretLines(turn, at, 'syntax error.');
  }
  const level = way.steps.map(({ words }) => words.join(' '));
  return reply({ ...turn, shell: atPlace(turn.shell, { ...placeOf(turn.shell), level }) }, []);
}

function goUp(turn: Turn, doing: Doing): SimAnswer {
  const place = placeOf(turn.shell);
  const [count = '', ...more] = doing.rest.split(/\s+/);
  const isCounted = /^\d{1,2}$/.test(count);
  const steps = isCounted ? Number(count) : 1;
  if (place.level.length === 0) return reply(turn, ['warning: already at top of configuration']);
  const level = place.level.slice(0, Math.max(0, place.level.length - steps));
  const there = { ...turn, shell: atPlace(turn.shell, { ...place, level }) };
  return onLevel(there, { ...doing, rest: isCounted ? more.join(' ') : doing.rest }, turn);
}

function leave(turn: Turn, rest: string): SimAnswer {
  const place = placeOf(turn.shell);
  if (rest === '' && place.level.length > 0) {
    const level = place.level.slice(0, -1);
    return reply({ ...turn, shell: atPlace(turn.shell, { ...place, level }) }, []);
  }
  if (!isChanged(turn)) return left(turn, []);
  const question = { id: 'leave', takes: 'line', data: {} } as const;
  const said = 'The configuration has been changed but not committed\r\n';
  const ask =
    place.hold === 'shared'
      ? 'Exit with uncommitted changes? [yes,no] (yes) '
      : 'warning: Auto rollback will be performed\r\nDiscard uncommitted changes? [yes,no] (yes) ';
  return asking(turn, question, said + ask);
}

function left(turn: Turn, said: readonly string[]): SimAnswer {
  const place = placeOf(turn.shell);
  const isHolder = place.ticket > 0 && readOwn(turn.device).holder === place.ticket;
  const device = isHolder ? withOwn(turn.device, { holder: 0, heldCandidate: '' }) : turn.device;
  const shell = atPlace(turn.shell, { ...OPERATIONAL, engine: place.engine });
  return { ...reply({ ...turn, device }, [...said, 'Exiting configuration mode']), shell };
}

export function answerLeave(turn: Turn, text: string): SimAnswer {
  const shell = answered(turn.shell);
  const isNo = /^no?$/i.test(text.trim());
  return isNo ? reply({ ...turn, shell }, []) : left({ ...turn, shell }, []);
}

function show(turn: Turn, { rest, filters, at }: Doing): SimAnswer {
  const { level } = placeOf(turn.shell);
  const way = wayOf(turn, rest, at);
  if (way.kind === 'wrong') return way.answer;
  const names = way.steps.map(({ words }) => words.join(' '));
  const tree = candidateTree(turn);
  const [first = '', ...others] = filters;
  const compare = /^comp(?:are)?(?:\s+rollback\s+(\d{1,2}))?$/.exec(first);
  if (compare) {
    const against = rollbackTree(turn.device, Number(compare[1] ?? 0));
    if (!against) return reply(turn, ['error: no such rollback file']);
    return filtered(turn, compareTrees(against, tree), others);
  }
  return filtered(turn, shownLines(tree, names.length > 0 ? names : level, filters), filters);
}

const isDisplaySet = (filter: string) => /^disp(?:lay)? set(?: relative)?$/.test(filter);
const isDisplay = (filter: string) => /^disp(?:lay)? (?:set|inheritance|detail|omit)/.test(filter);

/** What stands below a path, in braces or as `set` lines. */
export function shownLines(
  tree: ConfigTree,
  names: readonly string[],
  filters: readonly string[],
): readonly string[] {
  const node = names.length === 0 ? undefined : nodeAt(tree, names);
  const inside = names.length === 0 ? tree : (node?.children ?? []);
  if (filters.some(isDisplaySet)) {
    const above = names.slice(0, -1).flatMap((name) => name.split(' '));
    return node ? setLines([node], above) : setLines(inside);
  }
  if (node && node.children.length === 0) return nodeLines(node, 0);
  const text = renderConfig(inside);
  return text === '' ? [] : text.slice(0, -1).split('\n').map(withSecretMark);
}

/** Junos marks what it keeps as a secret. */
export function withSecretMark(line: string): string {
  const isSecret = /(?:encrypted-password|\bsecret|authentication-key|\bkey) "\$\d\$.*;$/.test(
    line,
  );
  return isSecret ? `${line} ## SECRET-DATA` : line;
}

/** Lines through the filters that are left, then through the pager. */
export function filtered(
  turn: Turn,
  lines: readonly string[],
  filters: readonly string[],
): SimAnswer {
  let shown = { lines, unpaged: false };
  for (const filter of filters.filter((each) => !isDisplay(each))) {
    const kept = applyFilter(shown, filter);
    if (!kept)
      return reply(turn, [
        `${' '.repeat(promptText(turn.device, turn.shell).length)}^`,
        'syntax error.',
      ]);
    shown = kept;
  }
  return shown.unpaged ? reply(turn, shown.lines) : page(turn, shown.lines);
}
