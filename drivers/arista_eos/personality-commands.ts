import type { SimAnswer, SimShell } from '../../src/driver/personality.js';
import {
  CONFIG,
  configLine,
  configMode,
  configPath,
  inConfig,
  sessionOf,
} from './personality-config-mode.js';
import { askEnable, goDown, page, startReload } from './personality-dialog.js';
import { bootSystem, copyFile, deleteFile, verifyFile, writeConfig } from './personality-files.js';
import {
  applyFilter,
  type Command,
  errorText,
  interfaceName,
  matchCommand,
  splitPipes,
} from './personality-grammar.js';
import { JSON_SHOWS } from './personality-json.js';
import { showMlag, showMlagDetail, showMlagSanity } from './personality-mlag.js';
import * as hardware from './personality-show-hardware.js';
import * as network from './personality-show-network.js';
import * as system from './personality-show.js';
import * as sessions from './personality-session-commands.js';
import { showSessions } from './personality-sessions.js';
import { reply, type Turn } from './personality-state.js';

const SHOWS: Readonly<Record<string, system.Show>> = {
  'show version': system.showVersion,
  'show boot-config': system.showBootConfig,
  'show inventory': hardware.showInventory,
  'show hostname': system.showHostname,
  'show clock': system.showClock,
  'show uptime': system.showUptime,
  'show reload cause': system.showReloadCause,
  'show interfaces': (device, nowMs) => network.showInterfaces(device, nowMs),
  'show interfaces status': network.showInterfacesStatus,
  'show interfaces description': network.showInterfacesDescription,
  'show ip interface brief': network.showIpInterfaceBrief,
  'show lldp neighbors': network.showLldp,
  'show lldp neighbors detail': network.showLldpDetail,
  'show ip bgp summary': network.showBgpSummary,
  'show ip bgp summary vrf all': network.showBgpSummary,
  'show ip ospf neighbor': network.showOspfNeighbor,
  'show ip route summary': network.showRouteSummary,
  'show ip route vrf all summary': network.showRouteSummary,
  // No unit of the lab runs IS-IS: the device answers with nothing.
  'show isis neighbors': () => [],
  'show mlag': showMlag,
  'show mlag detail': showMlagDetail,
  'show mlag config-sanity': showMlagSanity,
  'show maintenance': system.showMaintenance,
  'show processes top once': system.showProcesses,
  'show users': system.showUsers,
  'show logging': system.showLogging,
  'show environment all': hardware.showEnvironment,
  'show environment cooling': hardware.showCooling,
  'show environment power': hardware.showPower,
  'show environment temperature': hardware.showTemperature,
  'show system environment all': hardware.showEnvironment,
  'show system environment cooling': hardware.showCooling,
  'show system environment power': hardware.showPower,
  'show system environment temperature': hardware.showTemperature,
};

const PRIVILEGED_SHOWS: Readonly<Record<string, system.Show>> = {
  'show running-config': system.showRunningConfig,
  'show startup-config': system.showStartupConfig,
  'show configuration sessions': (device) => showSessions(device),
  'show configuration sessions detail': (device, nowMs) => showSessions(device, nowMs),
  dir: system.dirFlash,
};

function command(text: string, privileged: boolean, run: Command['run']): Command {
  return { words: text.split(' '), privileged, run };
}

function showCommand(text: string, privileged: boolean, show: system.Show): Command {
  return command(text, privileged, (turn) => reply(turn, show(turn.device, turn.context.nowMs)));
}

function toMode(turn: Turn, mode: string): SimAnswer {
  const shell: SimShell = { mode, paging: turn.shell.paging };
  return { device: turn.device, shell, effects: [] };
}

function sessionHere(turn: Turn): string {
  return sessionOf(turn.shell.mode) ?? '';
}

function enable(turn: Turn): SimAnswer {
  if (turn.shell.mode !== 'exec') return reply(turn, []);
  return turn.device.login.enable === undefined ? toMode(turn, 'enable') : askEnable(turn);
}

function leave(turn: Turn): SimAnswer {
  if (!inConfig(turn.shell.mode)) {
    return { device: turn.device, shell: turn.shell, effects: [{ kind: 'close-shell' }] };
  }
  const path = configPath(turn.shell.mode);
  const session = sessionOf(turn.shell.mode);
  // A session that is left so stays open, and waits.
  return toMode(turn, path.length === 0 ? 'enable' : configMode(path.slice(0, -1), session));
}

function terminalLength(turn: Turn, args: readonly string[]): SimAnswer {
  const lines = Number(args[0]);
  if (!Number.isInteger(lines) || lines < 0 || lines > 32_767) return invalid(turn, 2, args[0]);
  const said = lines === 0 ? 'Pagination disabled.' : `Pagination set to ${lines} lines.`;
  const shell: SimShell = { mode: turn.shell.mode, paging: lines !== 0 };
  return { ...reply(turn, [said]), shell };
}

function terminalWidth(turn: Turn, args: readonly string[]): SimAnswer {
  const columns = Number(args[0]);
  if (!Number.isInteger(columns) || columns < 10 || columns > 32_767)
    return invalid(turn, 2, args[0]);
  return reply(turn, [`Width set to ${columns} columns.`]);
}

function invalid(turn: Turn, at: number, token = ''): SimAnswer {
  return reply(turn, [errorText({ kind: 'invalid', at, token })]);
}

function showInterface(turn: Turn, args: readonly string[]): SimAnswer {
  const name = interfaceName(args[0] ?? '');
  const lines =
    name === undefined ? [] : network.showInterfaces(turn.device, turn.context.nowMs, name);
  return lines.length === 0 ? invalid(turn, 2, args[0]) : reply(turn, lines);
}

/** The Linux below answers what `bash` is asked: the files of the flash that are text. */
function bash(turn: Turn, words: readonly string[]): SimAnswer {
  const [program = '', ...args] = words[0] === 'timeout' ? words.slice(2) : words;
  if (program !== 'cat') return reply(turn, [`bash: line 1: ${program}: command not found`]);
  return reply(
    turn,
    args.flatMap((path) => system.catFile(turn.device, path)),
  );
}

function dirOf(turn: Turn, args: readonly string[]): SimAnswer {
  const url = (args[0] ?? '').toLowerCase();
  if (url === 'flash:' || url === 'flash:/') {
    return reply(turn, system.dirFlash(turn.device, turn.context.nowMs));
  }
  if (url === 'all-filesystems') {
    return reply(turn, system.dirAll(turn.device, turn.context.nowMs));
  }
  return reply(turn, [`% Error listing directory ${args[0] ?? ''} (No such file or directory)`]);
}

const EXEC: readonly Command[] = [
  ...Object.entries(SHOWS).map(([text, show]) => showCommand(text, false, show)),
  ...Object.entries(PRIVILEGED_SHOWS).map(([text, show]) => showCommand(text, true, show)),
  command('show interfaces <name>', false, showInterface),
  command('show privilege', false, (turn) =>
    reply(turn, [`Current privilege level is ${turn.shell.mode === 'exec' ? 1 : 15}`]),
  ),
  command('dir <url>', true, dirOf),
  command('bash <rest>', true, bash),
  command('enable', false, enable),
  command('disable', false, (turn) => toMode(turn, 'exec')),
  command('exit', false, leave),
  command('logout', false, (turn) => ({ ...reply(turn, []), effects: [{ kind: 'close-shell' }] })),
  command('quit', false, leave),
  command('configure', true, (turn) => toMode(turn, CONFIG)),
  command('configure terminal', true, (turn) => toMode(turn, CONFIG)),
  command('configure session', true, (turn) => sessions.openUnnamed(turn)),
  command('configure session <name>', true, (turn, [name = '']) =>
    sessions.openSession(turn, name),
  ),
  command('configure session <name> commit', true, (turn, [name = '']) =>
    sessions.commitSession(turn, name),
  ),
  command('configure session <name> commit timer <time>', true, (turn, [name = '', time = '']) =>
    sessions.commitTimed(turn, name, time),
  ),
  command('configure session <name> abort', true, (turn, [name = '']) =>
    sessions.abortSession(turn, name),
  ),
  command('show session-config', true, (turn) => sessions.showCandidate(turn, sessionHere(turn))),
  command('show session-config diffs', true, (turn) => sessions.showDiffs(turn, sessionHere(turn))),
  command('show session-config named <name>', true, (turn, [name = '']) =>
    sessions.showCandidate(turn, name),
  ),
  command('show session-config named <name> diffs', true, (turn, [name = '']) =>
    sessions.showDiffs(turn, name),
  ),
  command('terminal length <lines>', false, terminalLength),
  command('terminal width <columns>', false, terminalWidth),
  command('write', true, (turn) => writeConfig(turn)),
  command('write memory', true, (turn) => writeConfig(turn)),
  command('copy running-config startup-config', true, (turn) => writeConfig(turn)),
  command('copy running-config <to>', true, (turn, [to = '']) =>
    copyFile(turn, 'running-config', to),
  ),
  command('copy startup-config <to>', true, (turn, [to = '']) =>
    copyFile(turn, 'startup-config', to),
  ),
  command('copy <from> <to>', true, (turn, [from = '', to = '']) => copyFile(turn, from, to)),
  command('delete <url>', true, (turn, [url = '']) => deleteFile(turn, url)),
  command('verify /sha512 <url>', true, (turn, [url = '']) => verifyFile(turn, 'sha512', url)),
  command('verify /md5 <url>', true, (turn, [url = '']) => verifyFile(turn, 'md5', url)),
  command('reload', true, startReload),
  command('reload now', true, (turn) => goDown(turn, 'Proceeding with reload')),
  command('reload force', true, (turn) => goDown(turn, 'Proceeding with reload')),
];

const END = command('end', false, (turn) => toMode(turn, 'enable'));

const SESSION_ONLY: readonly Command[] = [
  END,
  command('abort', false, (turn) => sessions.abortSession(turn, sessionHere(turn))),
  command('commit', false, (turn) => sessions.commitSession(turn, sessionHere(turn))),
  command('commit timer <time>', false, (turn, [time = '']) =>
    sessions.commitTimed(turn, sessionHere(turn), time),
  ),
];

const CONFIG_ONLY: readonly Command[] = [
  END,
  command('boot system <url>', true, (turn, [url = '']) => bootSystem(turn, url)),
];

/** One command line in any mode, its pipe filters and its paging. */
export function runLine(turn: Turn, line: string): SimAnswer {
  if (!inConfig(turn.shell.mode)) return runExec(turn, line, EXEC);
  const tokens = line.split(/\s+/);
  const inSession = sessionOf(turn.shell.mode) !== undefined;
  const own = matchCommand(inSession ? SESSION_ONLY : CONFIG_ONLY, tokens);
  if (own.kind === 'found') return own.command.run(turn, own.args);
  if (own.kind === 'incomplete') return reply(turn, [errorText(own)]);
  if (isExecOnly(tokens)) return runExec(turn, line, EXEC);
  return configLine(turn, tokens) ?? runExec(turn, line, EXEC);
}

/** Words that mean an exec command even where a configuration word shares the prefix. */
function isExecOnly(tokens: readonly string[]): boolean {
  return /^(show|sh|sho|exit|write|wr|copy|dir|reload|verify|delete)$/i.test(tokens[0] ?? '');
}

function runExec(turn: Turn, line: string, commands: readonly Command[]): SimAnswer {
  const { command: typed, filters } = splitPipes(line);
  if (typed === '') return reply(turn, [errorText({ kind: 'invalid', at: 0, token: '|' })]);
  const match = matchCommand(commands, typed.split(/\s+/));
  if (match.kind !== 'found') return reply(turn, [errorText(match)]);
  if (match.command.privileged && turn.shell.mode === 'exec') {
    return reply(turn, ['% Invalid input (privileged mode required)']);
  }
  const words = match.command.words.join(' ');
  if (filters.some((filter) => filter.toLowerCase() === 'json')) return jsonAnswer(turn, words);
  const answer = match.command.run(turn, match.args);
  return isShow(words) ? paged(turn, answer, filters) : answer;
}

function isShow(words: string): boolean {
  return words.startsWith('show ') || words.startsWith('dir');
}

function jsonAnswer(turn: Turn, words: string): SimAnswer {
  const json = JSON_SHOWS[words];
  if (json === undefined) return reply(turn, ['% This is an unconverted command']);
  const told = json(turn.device, turn.context.nowMs);
  return page(turn, JSON.stringify(told, null, 4).split('\n'));
}

function paged(turn: Turn, answer: SimAnswer, filters: readonly string[]): SimAnswer {
  const text = answer.effects
    .map((effect) => (effect.kind === 'print' ? effect.text : ''))
    .join('');
  let lines: readonly string[] = text.split('\r\n').slice(0, -1);
  for (const filter of filters) {
    const kept = applyFilter(lines, filter);
    if (kept === undefined) return invalid(turn, 0, filter);
    lines = kept;
  }
  const unpaged = filters.some((filter) => /^no-?m/.test(filter));
  return unpaged ? reply(turn, lines) : page(turn, lines);
}
