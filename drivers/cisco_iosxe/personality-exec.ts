import { hasInterface } from './personality-config.js';
import type { Command } from './personality-grammar.js';
import { fullPort } from './personality-port.js';
import type { Ask, Reply } from './personality-state.js';
import { ownOf, shows } from './personality-state.js';
import { clockOf } from './personality-text.js';

const maxEnableTries = 3;

function enable({ device, shell }: Ask): Reply {
  if (shell.mode !== 'exec') return {};
  if (device.login.enable === undefined) return { lines: ['% No password set'] };
  const question = { id: 'enable', takes: 'line', hidden: true, data: { tries: 1 } } as const;
  return { shell: { ...shell, question }, text: 'Password: ' };
}

/** The enable password was typed. */
export function answerEnable(
  { device, shell }: Ask,
  data: Readonly<Record<string, unknown>>,
  text: string,
): Reply {
  if (text === device.login.enable) return { shell: { ...shell, mode: 'enable' } };
  const tries = typeof data['tries'] === 'number' ? data['tries'] : 1;
  if (tries >= maxEnableTries) return { lines: ['% Bad secrets', ''] };
  const next = { id: 'enable', takes: 'line', hidden: true, data: { tries: tries + 1 } } as const;
  return { shell: { ...shell, question: next }, text: 'Password: ' };
}

function bodyOf(config: string): readonly string[] {
  return config.split('\n');
}

function stamps({ device }: Ask): readonly string[] {
  const { changedAtMs, savedAtMs } = ownOf(device);
  const by = device.login.username;
  return [
    '!',
    `! Last configuration change at ${clockOf(changedAtMs)} by ${by}`,
    ...(savedAtMs > 0 ? [`! NVRAM config last updated at ${clockOf(savedAtMs)} by ${by}`] : []),
    '!',
  ];
}

function showRunning(ask: Ask): readonly string[] {
  const config = ask.device.runningConfig;
  return [
    'Building configuration...',
    '',
    `Current configuration : ${String(config.length)} bytes`,
    ...stamps(ask),
    ...bodyOf(config),
    '',
  ];
}

function showRunningInterface(ask: Ask): readonly string[] {
  const name = fullPort(ask.args['name'] ?? '');
  if (name === undefined || !hasInterface(ask.device, name)) {
    return ["% Invalid input detected at '^' marker.", ''];
  }
  const config = ask.device.runningConfig;
  const at = config.indexOf(`\ninterface ${name}\n`);
  const block = at < 0 ? '' : (config.slice(at + 1).split(/\n(?! )/)[0] ?? '');
  return [
    'Building configuration...',
    '',
    `Current configuration : ${String(block.length)} bytes`,
    '!',
    ...bodyOf(block),
    'end',
    '',
  ];
}

function showStartup(ask: Ask): readonly string[] {
  const config = ask.device.startupConfig;
  if (config === '') return ['startup-config is not present'];
  return [
    `Using ${String(config.length)} out of 2097152 bytes`,
    ...stamps(ask),
    ...bodyOf(config),
    '',
  ];
}

function terminalLength({ shell, args }: Ask): Reply {
  const length = Number(args['count']);
  if (!Number.isInteger(length) || length < 0 || length > 512) {
    return { lines: ["% Invalid input detected at '^' marker.", ''] };
  }
  return { shell: { ...shell, paging: length !== 0 } };
}

function terminalWidth({ args }: Ask): Reply {
  const width = Number(args['count']);
  const fits = Number.isInteger(width) && width >= 0 && width <= 512;
  return fits ? {} : { lines: ["% Invalid input detected at '^' marker.", ''] };
}

const close = (): Reply => ({ effects: [{ kind: 'close-shell' }] });

function configureTerminal({ shell }: Ask): Reply {
  return {
    shell: { ...shell, mode: 'config' },
    lines: ['Enter configuration commands, one per line.  End with CNTL/Z.'],
  };
}

/** Commands on the session, and the config as text. */
export const execCommands: readonly Command[] = [
  { pattern: 'enable', run: enable },
  { pattern: 'disable', run: ({ shell }) => ({ shell: { ...shell, mode: 'exec' } }) },
  { pattern: 'exit', run: close },
  { pattern: 'logout', run: close },
  { pattern: 'configure terminal', privileged: true, run: configureTerminal },
  { pattern: 'terminal length <count>', run: terminalLength },
  { pattern: 'terminal width <count>', run: terminalWidth },
  { pattern: 'show running-config', privileged: true, run: shows(showRunning) },
  {
    pattern: 'show running-config interface <name...>',
    privileged: true,
    run: shows(showRunningInterface),
  },
  { pattern: 'show startup-config', privileged: true, run: shows(showStartup) },
  {
    pattern: 'show privilege',
    run: ({ shell }) => ({
      lines: [`Current privilege level is ${shell.mode === 'exec' ? '1' : '15'}`],
    }),
  },
];
