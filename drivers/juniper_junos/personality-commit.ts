import type { SimAnswer, SimDevice, SimEffect } from '../../src/driver/personality.js';
import {
  candidateText,
  candidateTree,
  followConfig,
  isSynchronized,
} from './personality-candidate.js';
import { activeAt, type ConfigNode, type ConfigTree, parseConfig } from './personality-config.js';
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

/** Undefined: a word that `commit` does not take. */
function optionsOf(words: readonly string[]): CommitOptions | undefined {
  const [word, ...rest] = words;
  if (word === undefined) return NO_OPTIONS;
  const [next = ''] = rest;
  if (/^com(?:m(?:e(?:nt?)?)?)?$/.test(word)) {
    const others = optionsOf(rest.slice(1));
    return next === '' || !others ? undefined : { ...others, comment: next };
  }
  if (/^conf(?:i(?:r(?:m(?:ed?)?)?)?)?$/.test(word)) {
    const isNumber = /^\d{1,6}$/.test(next);
    const others = optionsOf(isNumber ? rest.slice(1) : rest);
    const minutes = isNumber ? Number(next) : CONFIRM_DEFAULT_MINUTES;
    if (!others || minutes < 1 || minutes > CONFIRM_MAX_MINUTES) return undefined;
    return { ...others, confirmed: true, minutes };
  }
  const others = optionsOf(rest);
  if (!others) return undefined;
  if ('check'.startsWith(word) && word.length > 1) return { ...others, check: true };
  if ('and-quit'.startsWith(word)) return { ...others, quit: true };
  if ('synchronize'.startsWith(word)) return { ...others, synchronize: true };
  return undefined;
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

/** What the checks of a commit find: references to what is not there, and what must be there. */
export function problemsOf(tree: ConfigTree): readonly Problem[] {
  const problems: Problem[] = [];
  const policies = namesIn(tree, ['policy-options'], 'policy-statement');
  const filters = namesIn(tree, ['firewall', 'family inet'], 'filter');
  const plain = namesIn(tree, ['firewall'], 'filter');
  const groups = new Set((activeAt(tree, ['groups'])?.children ?? []).map(({ words }) => words[0]));
  walk(tree, (node, level) => {
    const [word = ''] = node.words;
    const statement = [...node.words, ...node.values].join(' ');
    const missing = (names: readonly string[], known: ReadonlySet<string | undefined>) =>
      names.find((name) => !known.has(name) && !/^[("]/.test(name));
    if ((word === 'export' || word === 'import') && level[0] === 'protocols') {
      const name = missing(node.values, policies);
      if (name !== undefined) {
        problems.push({
          level,
          statement,
          text: `Policy error: Policy ${name} referenced but not defined`,
        });
      }
    }
    if (level.at(-1) === 'filter' && level.at(-2) === 'family inet' && level[0] === 'interfaces') {
      const name = missing(node.values, new Set([...filters, ...plain]));
      if (name !== undefined) {
        problems.push({ level, statement, text: `Referenced filter '${name}' is not defined` });
      }
    }
    if (word === 'apply-groups') {
      const name = missing(node.values, groups);
      if (name !== undefined) {
        problems.push({ level, statement, text: `Group '${name}' is not defined` });
      }
    }
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
      'error: remote lock-configuration failed on ' + other.id,
    ]);
  }
  const entry: Commit = {
    atMs: context.nowMs,
    user: device.login.username,
    via: options.confirmed ? `cli commit confirmed, rollback in ${options.minutes}mins` : 'cli',
    comment: options.comment,
    config: candidateText(turn),
  };
  const inForce = putInForce(device, entry);
  const { ticket } = placeOf(shell);
  const isHeld = ticket > 0 && readOwn(device).holder === ticket;
  const done = withOwn(inForce, {
    ...(isHeld ? { heldCandidate: '' } : { candidate: '' }),
    confirmByMs: options.confirmed ? context.nowMs + options.minutes * MINUTE_MS : 0,
    confirmBack: options.confirmed ? backOf(device) : '',
  });
  const delayMs = between(context, COMMIT_MIN_MS, COMMIT_MAX_MS) * (isBoth ? 2 : 1);
  const timer: SimEffect = options.confirmed
    ? { kind: 'timer', name: CONFIRM_TIMER, delayMs: options.minutes * MINUTE_MS }
    : { kind: 'cancel-timer', name: CONFIRM_TIMER };
  const lines = [
    ...saidBefore(device, options, isBoth),
    'commit complete',
    ...(options.quit ? ['Exiting configuration mode'] : []),
  ];
  return {
    device: options.quit && isHeld ? withOwn(done, { holder: 0 }) : done,
    shell: options.quit ? atPlace(shell, { ...OPERATIONAL, engine: placeOf(shell).engine }) : shell,
    effects: [timer, print(lines, delayMs)],
    mutation: options.confirmed ? 'commit-confirmed' : 'commit',
  };
}

/** A second confirmed commit does not move what the first one goes back to. */
function backOf(device: SimDevice): string {
  const { confirmByMs, confirmBack } = readOwn(device);
  return confirmByMs > 0 ? confirmBack : device.runningConfig;
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
