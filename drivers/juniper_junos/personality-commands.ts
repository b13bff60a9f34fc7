import type { SimAnswer, SimDevice } from '../../src/driver/personality.js';
import { committedTree } from './personality-candidate.js';
import {
  answerHalt,
  answerReboot,
  answerSwitch,
  askReboot,
  askSwitch,
  clearReboot,
} from './personality-reboot.js';
import { rollbackTree } from './personality-commit.js';
import { compareTrees } from './personality-compare.js';
import { cursorAt, pathOf, tokensOf } from './personality-config.js';
import {
  answerDelete,
  answerLeave,
  configLine,
  enterConfiguration,
  filtered,
  shownLines,
} from './personality-config-mode.js';
import {
  answerCleanup,
  askCleanup,
  checksum,
  copyFile,
  deleteFile,
  engineOf,
  listFiles,
  storageLines,
} from './personality-files.js';
import {
  type Command,
  command,
  errorLines,
  matchCommand,
  splitPipes,
  tokensIn,
} from './personality-grammar.js';
import { modelOf } from './personality-models.js';
import { atPlace, OPERATIONAL, placeOf, promptText } from './personality-mode.js';
import { moreKey } from './personality-pager.js';
import * as network from './personality-show-network.js';
import * as system from './personality-show.js';
import {
  addSoftware,
  rollbackSoftware,
  softwareLines,
  type Tool,
  validateSoftware,
} from './personality-software.js';
import {
  answered,
  asking,
  type Engine,
  engineNamed,
  isDual,
  isUp,
  masterEngine,
  otherEngine,
  readOwn,
  reply,
  type Turn,
  withOwn,
} from './personality-state.js';
import { stampOf } from './personality-time.js';

/** The engine that answers what is asked in this shell. */
function here(turn: Turn): Engine {
  return engineNamed(turn.device, engineOf(turn)) ?? masterEngine(turn.device);
}

type Show = (turn: Turn, args: readonly string[]) => readonly string[];

function shows(text: string, show: Show): Command {
  return command(text, (turn, args) => reply(turn, show(turn, args)));
}

/** A command that can be asked of both engines. */
function perEngine(
  text: string,
  show: (engine: Engine, turn: Turn) => readonly string[],
): readonly Command[] {
  const invoked = (turn: Turn, ids: readonly string[]) =>
    system.onEngines(turn.device, ids, turn.context.nowMs, (engine) => show(engine, turn));
  const all = (device: SimDevice) => device.members.map(({ id }) => id);
  return [
    shows(text, (turn) => system.underMember(turn.device, show(here(turn), turn))),
    shows(`${text} invoke-on all-routing-engines`, (turn) => invoked(turn, all(turn.device))),
    shows(`${text} invoke-on other-routing-engine`, (turn) => {
      const own = engineOf(turn);
      return invoked(
        turn,
        all(turn.device).filter((id) => id !== own),
      );
    }),
  ];
}

function syntax(turn: Turn, words: readonly string[]): SimAnswer {
  const column = promptText(turn.device, turn.shell).length + words.join(' ').length;
  return reply(turn, [`${' '.repeat(column)}^`, 'syntax error.']);
}

type Maybe = (turn: Turn, words: readonly string[]) => SimAnswer | undefined;

/** A command whose last words are looked at by its own part. */
function wordy(text: string, run: Maybe): Command {
  return command(`${text} <rest>`, (turn, words) => {
    const command = [...text.split(' '), ...words];
    return run(turn, words) ?? syntax(turn, command);
  });
}

function commitLines({ device }: Turn): readonly string[] {
  return readOwn(device).commits.flatMap(({ atMs, user, via, comment }, at) => [
    `${String(at).padEnd(3)} ${stampOf(atMs)} by ${user} via ${via}`,
    ...(comment === '' ? [] : [`    ${comment}`]),
  ]);
}

function savedLines(text: string): readonly string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n');
}

function rollbackLines({ device }: Turn, [number = '0']: readonly string[]): readonly string[] {
  const commit = readOwn(device).commits[Number(number)];
  if (!commit) return [`error: rollback ${number} not found`];
  return savedLines(commit.config);
}

function saveRescue(turn: Turn): SimAnswer {
  const device = withOwn(turn.device, { rescue: turn.device.runningConfig });
  return { ...reply({ ...turn, device }, []), mutation: 'save-rescue' };
}

function askHalt(turn: Turn, verb: string): SimAnswer {
  const question = { id: 'halt', takes: 'line', data: {} } as const;
  return asking(turn, question, `${verb} the system ? [yes,no] (no) `);
}

function loginTo(turn: Turn, [name = '']: readonly string[]): SimAnswer {
  const other = otherEngine(turn.device);
  const named = name.startsWith('re') ? engineNamed(turn.device, name) : other;
  if (!named || !isDual(turn.device)) return syntax(turn, ['request', 'routing-engine', 'login']);
  if (!isUp(named, turn.context.nowMs)) {
    return reply(turn, [`rcmd: ${named.id}: No route to host`]);
  }
  const shell = atPlace(turn.shell, { ...OPERATIONAL, engine: named.id });
  return reply({ ...turn, shell }, ['', `--- JUNOS ${named.running.version} Kernel 64-bit`]);
}

function leaveShell(turn: Turn): SimAnswer {
  const { engine } = placeOf(turn.shell);
  if (engine === undefined) {
    return { device: turn.device, shell: turn.shell, effects: [{ kind: 'close-shell' }] };
  }
  const shell = atPlace(turn.shell, OPERATIONAL);
  return reply({ ...turn, shell }, ['', 'rlogin: connection closed']);
}

function setScreen(turn: Turn, what: string, value: string): SimAnswer {
  const paging = what === 'length' ? Number(value) !== 0 : turn.shell.paging;
  return reply({ ...turn, shell: { ...turn.shell, paging } }, [
    `Screen ${what} set to ${Number(value) || 0}`,
  ]);
}

function cliLines(turn: Turn): readonly string[] {
  return [
    'CLI complete-on-space set to on',
    'CLI idle-timeout disabled',
    'CLI restart-on-upgrade set to on',
    `CLI screen-length set to ${turn.shell.paging ? 24 : 0}`,
    'CLI screen-width set to 80',
    "CLI terminal is 'vt100'",
    'CLI is operating in enhanced mode',
    'CLI timestamp disabled',
    `CLI working directory is '/var/home/${turn.device.login.username}'`,
  ];
}

function switchoverLines({ device, context }: Turn): readonly string[] {
  const other = otherEngine(device);
  const isOn =
    committedTree(device).length > 0 &&
    shownLines(committedTree(device), ['chassis', 'redundancy', 'graceful-switchover'], []).length >
      0;
  const ready = isOn && other !== undefined && isUp(other, context.nowMs);
  return [
    `Graceful switchover: ${isOn ? 'On' : 'Off'}`,
    `Configuration database: ${ready ? 'Ready' : 'Not Ready'}`,
    `Kernel database: ${ready ? 'Ready' : 'Not Ready'}`,
    `Peer state: ${ready ? 'Steady State' : 'Unknown'}`,
  ];
}

const SHOW: readonly Command[] = [
  ...perEngine('show version', (engine, { device }) => system.versionLines(device, engine, false)),
  ...perEngine('show version brief', (engine, { device }) =>
    system.versionLines(device, engine, true),
  ),
  ...perEngine('show version detail', (engine, { device }) =>
    system.versionLines(device, engine, false),
  ),
  ...perEngine('show system uptime', (engine, { device, context }) =>
    system.uptimeLines(device, engine, context.nowMs),
  ),
  ...perEngine('show system storage', (engine, { device }) =>
    storageLines(device, engine.id, false),
  ),
  ...perEngine('show system storage detail', (engine, { device }) =>
    storageLines(device, engine.id, true),
  ),
  ...perEngine('show system software list', (engine, { device }) =>
    softwareLines(device, engine.id),
  ),
  shows('show chassis routing-engine', ({ device, context }) =>
    system.routingEngineLines(device, context.nowMs),
  ),
  shows('show chassis hardware', ({ device }) => system.hardwareLines(device)),
  shows('show chassis hardware detail', ({ device }) => system.hardwareLines(device)),
  shows('show chassis fpc', ({ device }) => system.cardLines(device)),
  shows('show chassis environment', ({ device }) => system.environmentLines(device)),
  shows('show chassis alarms', ({ device, context }) =>
    system.chassisAlarmLines(device, context.nowMs),
  ),
  shows('show system alarms', () => ['No alarms currently active']),
  shows('show system switchover', switchoverLines),
  shows('show system commit', commitLines),
  shows('show system rollback <number>', rollbackLines),
  shows('show system rollback compare <from> <to>', ({ device }, [from, to]) =>
    compareTrees(rollbackTree(device, Number(from)) ?? [], rollbackTree(device, Number(to)) ?? []),
  ),
  shows('show system configuration rescue', ({ device }) => savedLines(readOwn(device).rescue)),
  shows('show system reboot', ({ device }) => {
    const { rebootAtMs } = readOwn(device);
    return rebootAtMs === 0
      ? ['No shutdown/reboot scheduled.']
      : [`reboot requested by ${device.login.username} at ${stampOf(rebootAtMs)}`];
  }),
  shows('show interfaces terse', ({ device }) => network.interfaceLines(device)),
  shows('show interfaces terse <name>', ({ device }, [name]) =>
    network.interfaceLines(device, name),
  ),
  shows('show lldp neighbors', ({ device }) => network.lldpLines(device)),
  shows('show ospf neighbor', ({ device }) => network.ospfLines(device)),
  shows('show ospf overview', ({ device }) => network.ospfOverviewLines(device)),
  shows('show isis adjacency', ({ device }) => network.isisLines(device)),
  shows('show bgp summary', ({ device, context }) => network.bgpLines(device, context.nowMs)),
  shows('show route summary', ({ device }) => network.routeLines(device)),
  shows('show cli', cliLines),
  shows('show cli authorization', ({ device }) => [
    `Current user: '${device.login.username}' class 'super-user'`,
    'Permissions:',
    '    all',
  ]),
];

const ACTIONS: readonly Command[] = [
  command('configure', (turn) => enterConfiguration(turn, 'shared')),
  command('configure exclusive', (turn) => enterConfiguration(turn, 'exclusive')),
  command('configure private', (turn) => enterConfiguration(turn, 'private')),
  command('edit', (turn) => enterConfiguration(turn, 'shared')),
  command('exit', leaveShell),
  command('quit', leaveShell),
  command('set cli screen-length <n>', (turn, [n = '']) => setScreen(turn, 'length', n)),
  command('set cli screen-width <n>', (turn, [n = '']) => setScreen(turn, 'width', n)),
  command('set cli complete-on-space <on>', (turn, [on = '']) =>
    reply(turn, [`${on === 'on' ? 'Enabling' : 'Disabling'} complete-on-space`]),
  ),
  command('set cli idle-timeout <n>', (turn, [n = '']) =>
    reply(turn, [`Idle timeout ${n === '0' ? 'disabled' : `set to ${n} minutes`}`]),
  ),
  command('set cli terminal <kind>', (turn) => reply(turn, [])),
  command('set cli timestamp disable', (turn) => reply(turn, ['CLI timestamp disabled'])),
  command('set cli timestamp', (turn) => reply(turn, ['CLI timestamp set to: %b %d %T'])),
  command('file list', (turn) => listFiles(turn, [])),
  command('file list <rest>', listFiles),
  command('file checksum md5 <path>', (turn, [path = '']) => checksum(turn, 'md5', path)),
  command('file checksum sha1 <path>', (turn, [path = '']) => checksum(turn, 'sha1', path)),
  command('file checksum sha-256 <path>', (turn, [path = '']) => checksum(turn, 'sha-256', path)),
  command('file copy <from> <to>', (turn, [from = '', to = '']) => copyFile(turn, from, to)),
  command('file delete <path>', (turn, [path = '']) => deleteFile(turn, path)),
  command('clear system reboot', clearReboot),
  command('request system configuration rescue save', saveRescue),
  command('request system storage cleanup', (turn) => askCleanup(turn, false)),
  command('request system storage cleanup dry-run', (turn) => askCleanup(turn, true)),
  command('request system halt', (turn) => askHalt(turn, 'Halt')),
  command('request system power-off', (turn) => askHalt(turn, 'Power Off')),
  command('request chassis routing-engine master switch', (turn) => askSwitch(turn, false)),
  command('request chassis routing-engine master switch no-confirm', (turn) =>
    askSwitch(turn, true),
  ),
  command('request routing-engine login <engine>', loginTo),
];

function toolCommands(tool: Tool): readonly Command[] {
  return [
    wordy(`request ${tool} software add`, (turn, words) => addSoftware(turn, tool, words)),
    wordy(`request ${tool} software validate`, validateSoftware),
    wordy(`request ${tool} software rollback`, (turn, words) =>
      rollbackSoftware(turn, tool, words),
    ),
    wordy(`request ${tool} reboot`, (turn, words) => askReboot(turn, tool, words)),
  ];
}

const VMHOST: readonly Command[] = [
  ...toolCommands('vmhost'),
  ...perEngine('show vmhost version', (engine, { device }) => system.vmhostLines(device, engine)),
];

const SWITCH: readonly Command[] = [
  shows('show virtual-chassis', ({ device }) => system.virtualChassisLines(device)),
  shows('show virtual-chassis status', ({ device }) => system.virtualChassisLines(device)),
];

const COMMON: readonly Command[] = [...SHOW, ...ACTIONS, ...toolCommands('system')];
const WITH_VMHOST: readonly Command[] = [...COMMON, ...VMHOST];
const WITH_SWITCH: readonly Command[] = [...COMMON, ...SWITCH];

/** What this kind of device answers to. */
function commandsOf(device: SimDevice): readonly Command[] {
  const { isVmhost, kind } = modelOf(device);
  if (isVmhost) return WITH_VMHOST;
  return kind === 'switch' ? WITH_SWITCH : COMMON;
}

/** `show configuration PATH | ...`, whose words are those of the configuration. */
function showConfiguration(turn: Turn, typed: string, filters: readonly string[]): SimAnswer {
  const tree = committedTree(turn.device);
  const path = pathOf(tokensOf(typed), cursorAt(tree, []));
  if (path.kind === 'wrong') return syntax(turn, ['show', 'configuration', typed]);
  const names = path.steps.map(({ words }) => words.join(' '));
  const [first = '', ...others] = filters;
  const compare = /^comp(?:are)?\s+rollback\s+(\d{1,2})$/.exec(first);
  if (compare) {
    const from = rollbackTree(turn.device, Number(compare[1])) ?? [];
    return filtered(turn, compareTrees(from, tree), others);
  }
  const [last] = readOwn(turn.device).commits;
  const isWhole = names.length === 0 && !filters.some((filter) => /^disp\S* set/.test(filter));
  const head = last && isWhole ? [`## Last commit: ${stampOf(last.atMs)} by ${last.user}`] : [];
  return filtered(turn, [...head, ...shownLines(tree, names, filters)], filters);
}

function isShow(words: readonly string[]): boolean {
  return words[0] === 'show' || (words[0] === 'file' && words[1] === 'list');
}

/** One line in operational mode, or behind `run`. */
export function operationalLine(turn: Turn, line: string): SimAnswer {
  const { command: typed, filters } = splitPipes(line);
  const configuration =
    /^sh(?:ow?)?\s+conf(?:i(?:g(?:u(?:r(?:a(?:t(?:i(?:on?)?)?)?)?)?)?)?)?(?:\s+(.*))?$/.exec(
      typed.trim(),
    );
  if (configuration) return showConfiguration(turn, configuration[1] ?? '', filters);
  const match = matchCommand(commandsOf(turn.device), tokensIn(typed));
  if (match.kind !== 'found') {
    return reply(turn, errorLines(match, promptText(turn.device, turn.shell).length));
  }
  const answer = match.command.run(turn, match.args);
  return isShow(match.command.words) ? piped(turn, answer, filters) : answer;
}

function piped(turn: Turn, answer: SimAnswer, filters: readonly string[]): SimAnswer {
  const text = answer.effects
    .map((effect) => (effect.kind === 'print' ? effect.text : ''))
    .join('');
  return answer.shell.question ? answer : filtered(turn, text.split('\r\n').slice(0, -1), filters);
}

/** One line in whatever mode the shell is in. */
export function runLine(turn: Turn, line: string): SimAnswer {
  const isConfig = placeOf(turn.shell).kind === 'configuration';
  return isConfig ? configLine(turn, line, operationalLine) : operationalLine(turn, line);
}

type Question = NonNullable<Turn['shell']['question']>;

const ANSWERS: Readonly<
  Record<string, (turn: Turn, question: Question, text: string) => SimAnswer>
> = {
  more: moreKey,
  cleanup: (turn, _question, text) => answerCleanup(turn, text),
  leave: (turn, _question, text) => answerLeave(turn, text),
  'delete-all': (turn, _question, text) => answerDelete(turn, text),
  reboot: (turn, question, text) => answerReboot(turn, question.data, text),
  switch: (turn, _question, text) => answerSwitch(turn, text),
  halt: (turn, _question, text) => answerHalt(turn, text),
};

/** The answer to whatever the shell has open. */
export function answerQuestion(turn: Turn, question: Question, text: string): SimAnswer {
  const answer = Object.hasOwn(ANSWERS, question.id) ? ANSWERS[question.id] : undefined;
  const idle = { device: turn.device, shell: answered(turn.shell), effects: [] };
  return answer?.(turn, question, text) ?? idle;
}
