import type {
  Personality,
  SimAnswer,
  SimContext,
  SimDevice,
  SimEffect,
  SimShell,
} from '../../src/driver/personality.js';
import { boot, create, metricTimer } from './personality-boot.js';
import { isDrained } from './personality-config.js';
import { configure, leave, modeOf } from './personality-config-mode.js';
import { answerEnable, execCommands } from './personality-exec.js';
import { copyNamed, deleteFile, deleteNamed, fileCommands } from './personality-files.js';
import { grammar, parseLine, splitPipe, type Piped } from './personality-grammar.js';
import { healthCommands } from './personality-health.js';
import { answerReload, answerUnsaved, installCommands } from './personality-install.js';
import { abortTimer, operationTimer } from './personality-install-script.js';
import { autoAbort, finishOperation } from './personality-installed.js';
import { mib } from './personality-mib.js';
import { networkCommands } from './personality-network.js';
import {
  answerConfirm,
  answerSave,
  isConfirmed,
  reloadByTimer,
  reloadCommands,
  reloadTimer,
  reloadWarning,
  warnOfReload,
} from './personality-reload.js';
import { answerRemove } from './personality-remove.js';
import {
  logLine,
  revertByTimer,
  revertCommands,
  revertTimer,
  revertWarning,
  warnOfRevert,
} from './personality-revert.js';
import { interfaceCommands } from './personality-show-interface.js';
import { showCommands } from './personality-show.js';
import type { Ask, Reply } from './personality-state.js';
import { memberOfFileSystem } from './personality-state.js';
import { paddedVersion } from './personality-text.js';
import { versionCommands } from './personality-version.js';

const commands = [
  ...execCommands,
  ...reloadCommands,
  ...revertCommands,
  ...versionCommands,
  ...showCommands,
  ...healthCommands,
  ...networkCommands,
  ...interfaceCommands,
  ...fileCommands,
  ...installCommands,
];

const privileged = grammar(commands);
const unprivileged = grammar(commands.filter((command) => command.privileged !== true));

const maxLineLength = 4096;

const ambiguous = (line: string): Reply => ({ lines: [`% Ambiguous command:  "${line.trim()}"`] });
const incomplete: Reply = { lines: ['% Incomplete command.', ''] };

function invalid({ device, shell }: Ask, at: number): Reply {
  const indent = prompt(device, shell).length + at;
  return { lines: [`${' '.repeat(indent)}^`, "% Invalid input detected at '^' marker.", ''] };
}

/** A word that is no command is taken for a host to connect to. */
function unknownHost({ device }: Ask, word: string): Reply {
  const unknown = '% Unknown command or computer name, or unable to find computer address';
  const isOff = /^no ip domain[ -]lookup$/m.test(device.runningConfig);
  const first = isOff
    ? '% Bad IP address or host name'
    : `Translating "${word}"...domain server (255.255.255.255)`;
  return { lines: [first, unknown] };
}

function execute(ask: Ask, line: string, isPrivileged: boolean): Reply {
  const piped = splitPipe(line);
  const parsed = parseLine(isPrivileged ? privileged : unprivileged, piped.command);
  switch (parsed.kind) {
    case 'ambiguous':
      return ambiguous(line);
    case 'incomplete':
      return incomplete;
    case 'invalid':
      return parsed.first && /^\s*\S+\s*$/.test(line)
        ? unknownHost(ask, line.trim())
        : invalid(ask, parsed.at);
    case 'found':
      if (piped.invalidAt !== undefined) return invalid(ask, piped.invalidAt);
      return filtered(parsed.command.run({ ...ask, args: parsed.args }), piped);
  }
}

function filtered(shown: Reply, { filter }: Piped): Reply {
  if (filter === undefined || shown.lines === undefined) return shown;
  return { ...shown, lines: filter(shown.lines) };
}

function configLine(ask: Ask, line: string): Reply {
  const word = line.trim().toLowerCase();
  const { shell } = ask;
  if (word === 'end' || word === 'exit') {
    const mode = word === 'end' ? 'enable' : leave(shell.mode);
    return { shell: { ...shell, mode }, effects: mode === 'enable' ? configured(ask) : [] };
  }
  const exec = /^\s*do\s+(?=\S)/i.exec(line);
  if (exec !== null) return execute(ask, line.slice(exec[0].length), true);
  return /^no username \S/.test(word) ? askDropUser(ask, line) : understood(ask, line);
}

function configured({ device, context }: Ask): readonly SimEffect[] {
  const by = device.login.username;
  const text = `%SYS-5-CONFIG_I: Configured from console by ${by} on vty0 (127.0.0.1)`;
  return [logLine(context.nowMs, text)];
}

/** All lines of a name go at once: the device asks. */
function askDropUser({ shell }: Ask, line: string): Reply {
  const question = { id: 'drop-user', takes: 'key', data: { line } } as const;
  const text =
    'This operation will remove all username related configurations with same name.' +
    'Do you want to continue? [confirm]';
  return { shell: { ...shell, question }, text };
}

function answerDropUser(ask: Ask, data: Readonly<Record<string, unknown>>, key: string): Reply {
  if (!isConfirmed(key)) return { lines: [''] };
  const { lines = [], ...rest } = understood(
    ask,
    typeof data['line'] === 'string' ? data['line'] : '',
  );
  return { ...rest, lines: ['', ...lines] };
}

function understood(ask: Ask, line: string): Reply {
  const answer = configure(ask, line);
  switch (answer.kind) {
    case 'done':
      return answer.reply;
    case 'ambiguous':
      return ambiguous(line);
    case 'incomplete':
      return incomplete;
    case 'invalid':
      return invalid(ask, answer.at);
  }
}

function command(ask: Ask, line: string): Reply {
  if (line.trim() === '' || line.trimStart().startsWith('!')) return {};
  const { mode } = ask.shell;
  if (mode === 'exec' || mode === 'enable') return execute(ask, line, mode === 'enable');
  return configLine(ask, line);
}

type Answerer = (ask: Ask, data: Readonly<Record<string, unknown>>, text: string) => Reply;

const pathIn = (data: Readonly<Record<string, unknown>>): string =>
  typeof data['path'] === 'string' ? data['path'] : '';

const answerers: Readonly<Record<string, Answerer>> = {
  enable: answerEnable,
  'copy-name': (ask, _data, text) => copyNamed(ask, text),
  'delete-name': (ask, data, text) => deleteNamed(ask, pathIn(data), text),
  'delete-confirm': (ask, data, key) =>
    isConfirmed(key) ? deleteFile(ask, pathIn(data)) : { lines: [''] },
  'reload-save': answerSave,
  'reload-confirm': answerConfirm,
  'drop-user': answerDropUser,
  'install-unsaved': answerUnsaved,
  'install-reload': answerReload,
  'install-remove': (ask, _data, text) => answerRemove(ask, text),
};

function reply(ask: Ask, text: string): Reply {
  const { question, ...idle } = ask.shell;
  if (question === undefined) return command(ask, text);
  const answerer = Object.hasOwn(answerers, question.id) ? answerers[question.id] : undefined;
  if (answerer === undefined) return {};
  return { shell: idle, ...answerer({ ...ask, shell: idle }, question.data, text) };
}

/** Control characters never reach the parser; nor does more than a terminal line holds. */
function typed(text: string, shell: SimShell): string {
  if (shell.question?.takes === 'key') return text.slice(0, 1);
  return text.slice(0, maxLineLength).replace(/\p{Cc}/gu, '');
}

function line(device: SimDevice, shell: SimShell, text: string, context: SimContext): SimAnswer {
  const answered = reply({ device, shell, context, args: {} }, typed(text, shell));
  const effects: SimEffect[] = [];
  const shown = (answered.lines ?? []).map((one) => `${one}\r\n`).join('') + (answered.text ?? '');
  if (shown !== '') effects.push({ kind: 'print', text: shown });
  return {
    device: answered.device ?? device,
    shell: answered.shell ?? shell,
    effects: [...effects, ...(answered.effects ?? [])],
    ...(answered.mutation !== undefined && { mutation: answered.mutation }),
  };
}

function prompt(device: SimDevice, shell: SimShell): string {
  const { name } = modeOf(shell.mode);
  if (name === 'exec') return `${device.hostname}>`;
  return name === 'enable' ? `${device.hostname}#` : `${device.hostname}(${name})#`;
}

function timer(device: SimDevice, name: string, context: SimContext) {
  if (name === operationTimer) return finishOperation(device, context.nowMs);
  if (name === abortTimer) return autoAbort(device, context.nowMs);
  if (name === metricTimer) {
    return { device: { ...device, drained: isDrained(device.runningConfig) }, effects: [] };
  }
  if (name === revertTimer) return revertByTimer(device, context);
  if (name === revertWarning) return warnOfRevert(device, context);
  if (name === reloadTimer) return reloadByTimer(device, context);
  if (name === reloadWarning) return warnOfReload(device);
  return { device, effects: [] };
}

const uploadPath = /^\/?(flash(?:-\d{1,2})?)[:/]\/?([\w+-][\w.+-]{0,126})$/;

/** `flash:NAME`, `flash:/NAME` and `/flash/NAME` are the active's, `flash-2:NAME` is member 2's. */
function uploadTarget(device: SimDevice, remotePath: string) {
  const [, fileSystem, fileName] = uploadPath.exec(remotePath) ?? [];
  if (fileSystem === undefined || fileName === undefined) return undefined;
  const member = memberOfFileSystem(device, `${fileSystem}:`);
  return member === undefined ? undefined : { memberId: member.id, fileName };
}

/** The simulated Catalyst 9300: one switch or a stack, in install mode. */
export const personality: Personality = {
  platform: 'cisco_iosxe',
  models: ['C9300-24P', 'C9300-24T', 'C9300-48P', 'C9300-48T'],
  create,
  banner: () => '\r\n',
  login: (device) => ({
    mode: device.login.enable === undefined ? 'enable' : 'exec',
    paging: true,
  }),
  prompt,
  line,
  timer,
  boot,
  uploadTarget,
  mib,
  imageFileName: (version) => `cat9k_iosxe.${paddedVersion(version)}.SPA.bin`,
};
