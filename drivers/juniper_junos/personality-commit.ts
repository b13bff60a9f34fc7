import type { SimAnswer, SimDevice, SimEffect } from '../../src/driver/personality.js';
import {
  candidateText,
  candidateTree,
  followConfig,
  isSynchronized,
} from './personality-candidate.js';
import { activeAt, type ConfigNode, type ConfigTree } from './personality-config.js';
import { parseConfig } from './personality-config-text.js';
import { expandWord } from './personality-grammar.js';
import { atPlace, OPERATIONAL, placeOf } from './personality-mode.js';
import {
  between,
  type Commit,
  isDual,
  isUp,
  otherEngine,
  print,
  readOwn,
  reply,
  type Turn,
  withOwn,
} from './personality-state.js';
import { clockOf } from './personality-time.js';

export const CONFIRM_TIMER = 'commit-confirmed';
export const ROLLBACKS = 50;
const MINUTE_MS = 60_000;
const CONFIRM_DEFAULT_MINUTES = 10;
const CONFIRM_MAX_MINUTES = 65_535;

interface CommitOptions {
  readonly check: boolean;
  readonly confirmed: boolean;
  readonly minutes: number;
  readonly quit: boolean;
  readonly synchronize: boolean;
  readonly comment: string;
}

const NO_OPTIONS: CommitOptions = {
  check: false,
  confirmed: false,
  minutes: CONFIRM_DEFAULT_MINUTES,
  quit: false,
  synchronize: false,
  comment: '',
};

const WORDS = ['and-quit', 'check', 'comment', 'confirmed', 'synchronize'];

/** Undefined: a word that `commit` does not take. */
function optionsOf(words: readonly string[]): CommitOptions | undefined {
  const [typed, ...rest] = words;
  if (typed === undefined) return NO_OPTIONS;
  const [next = ''] = rest;
  const hasNumber = /^\d{1,6}$/.test(next);
  switch (expandWord(WORDS, typed)) {
    case 'check':
      return withOption(rest, { check: true });
    case 'and-quit':
      return withOption(rest, { quit: true });
    case 'synchronize':
      return withOption(rest, { synchronize: true });
    case 'comment':
      return next === '' ? undefined : withOption(rest.slice(1), { comment: next });
    case 'confirmed':
      if (!hasNumber) return withOption(rest, { confirmed: true });
      return withOption(rest.slice(1), { confirmed: true, minutes: Number(next) });
    default:
      return undefined;
  }
}

function withOption(
  rest: readonly string[],
  option: Partial<CommitOptions>,
): CommitOptions | undefined {
  const others = optionsOf(rest);
  const all = others && { ...others, ...option };
  const isInRange = all !== undefined && all.minutes >= 1 && all.minutes <= CONFIRM_MAX_MINUTES;
  return isInRange ? all : undefined;
}

interface Problem {
  readonly level: readonly string[];
  readonly statement: string;
  readonly text: string;
}

function namesIn(tree: ConfigTree, way: readonly string[], word: string): ReadonlySet<string> {
  const block = activeAt(tree, way);
  const nodes = block?.children ?? [];
  return new Set(nodes.filter(({ words }) => words[0] === word).map(({ words }) => words[1] ?? ''));
}

/** Every active statement with its way from the top. */
function walk(
  tree: ConfigTree,
  visit: (node: ConfigNode, level: readonly string[]) => void,
  level: readonly string[] = [],
): void {
  for (const node of tree) {
    if (node.inactive || node.words[0] === 'groups') continue;
    visit(node, level);
    walk(node.children, visit, [...level, node.words.join(' ')]);
  }
}

type Names = ReadonlySet<string | undefined>;

/** What a statement may refer to by name, and what Junos says when it is not there. */
interface Reference {
  readonly isAt: (word: string, level: readonly string[]) => boolean;
  readonly known: Names;
  readonly text: (name: string) => string;
}

function referencesOf(tree: ConfigTree): readonly Reference[] {
  const groups = (activeAt(tree, ['groups'])?.children ?? []).map(({ words }) => words[0]);
  return [
    {
      isAt: (word, level) => level[0] === 'protocols' && /^(?:export|import)$/.test(word),
      known: namesIn(tree, ['policy-options'], 'policy-statement'),
      text: (name) => `Policy error: Policy ${name} referenced but not defined`,
    },
    {
      isAt: (_word, level) =>
        level[0] === 'interfaces' && level.slice(-2).join(' > ') === 'family inet > filter',
      known: new Set([
        ...namesIn(tree, ['firewall', 'family inet'], 'filter'),
        ...namesIn(tree, ['firewall'], 'filter'),
      ]),
      text: (name) => `Referenced filter '${name}' is not defined`,
    },
    {
      isAt: (word) => word === 'apply-groups',
      known: new Set(groups),
      text: (name) => `Group '${name}' is not defined`,
    },
  ];
}

function unknownReference(
  node: ConfigNode,
  level: readonly string[],
  references: readonly Reference[],
): string | undefined {
  const reference = references.find(({ isAt }) => isAt(node.words[0] ?? '', level));
  if (!reference) return undefined;
  const name = node.values.find((value) => !reference.known.has(value) && !/^[("]/.test(value));
  return name === undefined ? undefined : reference.text(name);
}

/** What the checks of a commit find: references to what is not there, and what must be there. */
export function problemsOf(tree: ConfigTree): readonly Problem[] {
  const problems: Problem[] = [];
  const references = referencesOf(tree);
  walk(tree, (node, level) => {
    const text = unknownReference(node, level, references);
    const statement = [...node.words, ...node.values].join(' ');
    if (text !== undefined) problems.push({ level, statement, text });
  });
  if (activeAt(tree, ['system', 'root-authentication']) === undefined) {
    const text = "Missing mandatory statement: 'root-authentication'";
    problems.push({ level: [], statement: 'system', text });
  }
  return problems;
}

function problemLines(problems: readonly Problem[]): readonly string[] {
  return [
    ...problems.flatMap(({ level, statement, text }) => [
      `${['[edit', ...level].join(' ')}]`,
      `  '${statement}'`,
      `    ${text}`,
    ]),
    'error: configuration check-out failed',
  ];
}

/** The configuration in force from now on, with all that follows from it. */
export function putInForce(device: SimDevice, commit: Commit): SimDevice {
  const commits = [commit, ...readOwn(device).commits].slice(0, ROLLBACKS);
  const inForce = { ...device, runningConfig: commit.config, startupConfig: commit.config };
  return followConfig(withOwn(inForce, { commits }));
}

const COMMIT_MIN_MS = 1500;
const COMMIT_MAX_MS = 6000;
const CHECK_MIN_MS = 800;
const CHECK_MAX_MS = 3000;

/** `commit` and its variants. Undefined: not a form of it. */
export function commit(turn: Turn, words: readonly string[]): SimAnswer | undefined {
  const options = optionsOf(words);
  if (!options) return undefined;
  const problems = problemsOf(candidateTree(turn));
  if (problems.length > 0) return reply(turn, problemLines(problems));
  return options.check ? check(turn) : carryOut(turn, options);
}

/** A check that succeeds also confirms a commit that waits for it. */
function check(turn: Turn): SimAnswer {
  const waits = readOwn(turn.device).confirmByMs > 0;
  const delayMs = between(turn.context, CHECK_MIN_MS, CHECK_MAX_MS);
  return {
    device: withOwn(turn.device, { confirmByMs: 0 }),
    shell: turn.shell,
    effects: [
      ...(waits ? [{ kind: 'cancel-timer', name: CONFIRM_TIMER } as const] : []),
      print(['configuration check succeeds'], delayMs),
    ],
    ...(waits ? { mutation: 'confirm-commit' } : {}),
  };
}

function carryOut(turn: Turn, options: CommitOptions): SimAnswer {
  const { device, shell, context } = turn;
  const other = otherEngine(device);
  const isBoth = isDual(device) && (options.synchronize || isSynchronized(device));
  if (isBoth && other && !isUp(other, context.nowMs)) {
    return reply(turn, [
      `error: could not open connection to ${other.id}: No route to host`,
      `error: remote lock-configuration failed on ${other.id}`,
    ]);
  }
  const idle = atPlace(shell, { ...OPERATIONAL, engine: placeOf(shell).engine });
  const delayMs = between(context, COMMIT_MIN_MS, COMMIT_MAX_MS) * (isBoth ? 2 : 1);
  return {
    device: committed(turn, options),
    shell: options.quit ? idle : shell,
    effects: [timerOf(options), print(saidOf(device, options, isBoth), delayMs)],
    mutation: options.confirmed ? 'commit-confirmed' : 'commit',
  };
}

function timerOf({ confirmed, minutes }: CommitOptions): SimEffect {
  return confirmed
    ? { kind: 'timer', name: CONFIRM_TIMER, delayMs: minutes * MINUTE_MS }
    : { kind: 'cancel-timer', name: CONFIRM_TIMER };
}

/** The device with the candidate in force; a session that leaves lets go of what it held. */
function committed(turn: Turn, options: CommitOptions): SimDevice {
  const { device, shell, context } = turn;
  const { confirmed, minutes, comment, quit } = options;
  const entry: Commit = {
    atMs: context.nowMs,
    user: device.login.username,
    via: confirmed ? `cli commit confirmed, rollback in ${minutes}mins` : 'cli',
    comment,
    config: candidateText(turn),
  };
  const { ticket } = placeOf(shell);
  const isHeld = ticket > 0 && readOwn(device).holder === ticket;
  const inForce = withOwn(putInForce(device, entry), {
    ...(isHeld ? { heldCandidate: '' } : { candidate: '' }),
    confirmByMs: confirmed ? context.nowMs + minutes * MINUTE_MS : 0,
    confirmBack: confirmed ? backOf(device) : '',
  });
  return quit && isHeld ? withOwn(inForce, { holder: 0 }) : inForce;
}

/** A second confirmed commit does not move what the first one goes back to. */
function backOf(device: SimDevice): string {
  const { confirmByMs, confirmBack } = readOwn(device);
  return confirmByMs > 0 ? confirmBack : device.runningConfig;
}

function saidOf(device: SimDevice, options: CommitOptions, isBoth: boolean): readonly string[] {
  const end = options.quit ? ['Exiting configuration mode'] : [];
  return [...saidBefore(device, options, isBoth), 'commit complete', ...end];
}

function saidBefore(
  device: SimDevice,
  { confirmed, minutes }: CommitOptions,
  isBoth: boolean,
): readonly string[] {
  const { master } = readOwn(device);
  const other = otherEngine(device)?.id ?? '';
  const warning = `commit confirmed will be automatically rolled back in ${minutes} minutes unless confirmed`;
  const said = confirmed ? [warning] : [];
  if (!isBoth) return said;
  return [
    `${master}: `,
    'configuration check succeeds',
    ...said,
    `${other}: `,
    'commit complete',
    `${master}: `,
  ];
}

/** Nobody confirmed: the configuration from before is committed again. */
export function rollBackUnconfirmed(
  device: SimDevice,
  nowMs: number,
): { device: SimDevice; effects: readonly SimEffect[] } {
  const own = readOwn(device);
  if (own.confirmByMs === 0) return { device, effects: [] };
  const back = takenBack(device, nowMs);
  const text = [
    `Broadcast Message from root@${device.hostname}`,
    `        (no tty) at ${clockOf(nowMs).slice(0, 5)} UTC...`,
    '',
    'Commit was not confirmed; automatic rollback complete.',
    '',
  ];
  return {
    device: back,
    effects: [{ kind: 'log', text: text.join('\r\n') }],
  };
}

/** The device with the configuration from before the commit that nobody confirmed. */
export function takenBack(device: SimDevice, nowMs: number): SimDevice {
  const { confirmByMs, confirmBack: config } = readOwn(device);
  if (confirmByMs === 0) return device;
  const entry: Commit = { atMs: nowMs, user: 'root', via: 'other', comment: '', config };
  return withOwn(putInForce(device, entry), { confirmByMs: 0, confirmBack: '' });
}

/** The configuration that `rollback N` loads. */
export function rollbackTree(device: SimDevice, number: number): ConfigTree | undefined {
  const text = readOwn(device).commits[number]?.config;
  return text === undefined ? undefined : parseConfig(text);
}
