import { findFile, packageNames, pathOf, saveConfig } from './personality-files.js';
import type { Command } from './personality-grammar.js';
import {
  showInstallLog,
  showRollback,
  showRollbackId,
  showSummary,
} from './personality-installed.js';
import { askRemove } from './personality-remove.js';
import {
  begin,
  busy,
  failed,
  fullMember,
  noSpace,
  phase,
  play,
  syncLines,
} from './personality-install-script.js';
import type { Ask, Operation, OperationName, Reply } from './personality-state.js';
import { isUnsaved, ownOf, shows } from './personality-state.js';
import { buildOf, sameVersion, stampOf } from './personality-text.js';

/** Default of the auto-abort timer, minutes (C9300 command reference: 120, settable 30 to 1200). */
const defaultAbortMinutes = 120;

function operation(ask: Ask, name: OperationName, version: string, totalMs: number): Operation {
  const untilMs = ask.context.nowMs + totalMs;
  return { name, version, fileName: '', untilMs, autoAbortMs: 0 };
}

function add(ask: Ask): Reply {
  const blocked = busy(ask, 'install_add');
  if (blocked !== undefined) return blocked;
  const path = ask.args['path'] ?? '';
  const found = findFile(ask.device, path);
  const shown = `/flash/${pathOf(path).name}`;
  const { device, context } = ask;
  const adding = [
    'install_add: Adding PACKAGE',
    'install_add: Checking whether new add is allowed ....',
  ];
  if (found === undefined) {
    return failed(ask, 'install_add', [
      ...adding,
      `FAILED: install_add ${shown}: No such file or directory`,
    ]);
  }
  const { file } = found;
  if (file.image?.platform !== device.platform) {
    return failed(ask, 'install_add', [
      ...adding,
      `FAILED: install_add ${shown}: Package verification failed, not a valid image for this platform`,
    ]);
  }
  const { version } = file.image;
  if (ownOf(device).images.some((image) => sameVersion(image.version, version))) {
    return failed(ask, 'install_add', [
      ...adding,
      `FAILED: install_add ${shown}: Same Image File-No Change`,
    ]);
  }
  const full = fullMember(device, file.name, file.sizeBytes);
  if (full !== undefined) return noSpace(ask, file.name, full);
  const totalMs =
    60_000 + Math.floor(file.sizeBytes / 15_000) + 20_000 * (device.members.length - 1);
  const done = `Image added. Version: ${buildOf(version).installer}\nSUCCESS: install_add ${shown} ${stampOf(context.nowMs + totalMs)}`;
  const effects = play(
    [
      [0, `install_add: START ${stampOf(context.nowMs)}`],
      [0.02, `${adding.join('\n')}\n`],
      [0.4, syncLines(device, file.name, undefined)],
      [0.99, phase(device, 'Add')],
      [1, done],
    ],
    totalMs,
  );
  const started = { ...operation(ask, 'install_add', version, totalMs), fileName: file.name };
  return begin(ask, { operation: started, effects, mutation: 'install-add' });
}

/** What a question about an install carries from its command to its answer. */
interface Choice {
  readonly action: 'activate' | 'abort' | 'rollback';
  readonly version: string;
  readonly minutes: number;
}

const unsavedText = [
  'System configuration has been modified.',
  'Press Yes(y) to save the configuration and proceed.',
  'Press No(n) for proceeding without saving the configuration.',
  'Press Quit(q) to exit, you may save configuration and re-enter the command. [y/n/q]',
].join('\r\n');

function question(ask: Ask, id: string, choice: Choice, text: string): Reply {
  const open = { id, takes: 'line', data: { ...choice } } as const;
  return { shell: { ...ask.shell, question: open }, text };
}

function activate(ask: Ask, prompts: boolean): Reply {
  const blocked = busy(ask, 'install_activate');
  if (blocked !== undefined) return blocked;
  const minutes =
    ask.args['minutes'] === undefined ? defaultAbortMinutes : Number(ask.args['minutes']);
  if (!Number.isInteger(minutes) || minutes < 30 || minutes > 1200) {
    return { lines: ["% Invalid input detected at '^' marker.", ''] };
  }
  const target = ownOf(ask.device).images.findLast((image) => image.state === 'I');
  if (target === undefined) {
    return failed(ask, 'install_activate', [
      'install_activate: Activating PACKAGE',
      'FAILED: install_activate : No inactive package(s) found to activate',
    ]);
  }
  const choice: Choice = { action: 'activate', version: target.version, minutes };
  if (!prompts) return startActivate(ask, choice);
  if (isUnsaved(ask.device)) return question(ask, 'install-unsaved', choice, unsavedText);
  return askReload(ask, choice, '');
}

function askReload(ask: Ask, choice: Choice, before: string): Reply {
  const { context } = ask;
  const name = `install_${choice.action}`;
  const head = [`${name}: START ${stampOf(context.nowMs)}`];
  if (choice.action === 'activate') {
    head.push(`${name}: Activating PACKAGE`, 'Following packages shall be activated:');
    head.push(...packageNames(choice.version).map((file) => `/flash/${file}`), '');
    head.push('This operation may require a reload of the system. Do you want to proceed? [y/n]');
  } else {
    head.push(
      choice.action === 'abort'
        ? `${name}: Aborting PACKAGE`
        : `${name}: Rolling back to ${buildOf(choice.version).installer}`,
      `This ${name.replace('_', ' ')} would require a reload. Do you want to proceed? [y/n]`,
    );
  }
  return question(ask, 'install-reload', choice, before + head.join('\r\n'));
}

/** The answer to the unsaved configuration. */
export function answerUnsaved(
  ask: Ask,
  data: Readonly<Record<string, unknown>>,
  text: string,
): Reply {
  const choice = choiceOf(data);
  const letter = text.trim().toLowerCase().slice(0, 1);
  if (letter === 'q') return { lines: [] };
  if (letter === 'n') return askReload(ask, choice, '');
  if (letter !== 'y') return question(ask, 'install-unsaved', choice, unsavedText);
  const saved = { ...ask, device: saveConfig(ask) };
  const before = 'Building configuration...\r\n[OK]Modified configuration has been saved\r\n';
  return { ...askReload(saved, choice, before), device: saved.device, mutation: 'save-config' };
}

/** The answer to the reload that an install operation needs. */
export function answerReload(
  ask: Ask,
  data: Readonly<Record<string, unknown>>,
  text: string,
): Reply {
  const choice = choiceOf(data);
  const letter = text.trim().toLowerCase().slice(0, 1);
  const name = `install_${choice.action}`;
  if (letter === 'n') {
    return {
      lines: [
        `${name}: Operation cancelled by user`,
        `FAILED: ${name} exit(1) ${stampOf(ask.context.nowMs)}`,
      ],
    };
  }
  if (letter !== 'y') {
    return question(
      ask,
      'install-reload',
      choice,
      'Please enter y or n. Do you want to proceed? [y/n]',
    );
  }
  const blocked = busy(ask, `install_${choice.action}`);
  if (blocked !== undefined) return blocked;
  return choice.action === 'activate' ? startActivate(ask, choice) : startReturn(ask, choice);
}

function choiceOf(data: Readonly<Record<string, unknown>>): Choice {
  const { action, version, minutes } = data;
  return {
    action: action === 'abort' || action === 'rollback' ? action : 'activate',
    version: typeof version === 'string' ? version : '',
    minutes: typeof minutes === 'number' ? minutes : defaultAbortMinutes,
  };
}

const activateMs = 95_000;
const returnMs = 60_000;

function startActivate(ask: Ask, choice: Choice): Reply {
  const { device, context } = ask;
  const started = {
    ...operation(ask, 'install_activate', choice.version, activateMs),
    autoAbortMs: choice.minutes * 60_000,
  };
  const effects = play(
    [
      [0, ''],
      [0.8, phase(device, 'Activate')],
      [0.98, 'Send model notification for install_activate before reload'],
      [
        1,
        `Install will reload the system now!\nSUCCESS: install_activate ${stampOf(context.nowMs + activateMs)}`,
      ],
    ],
    activateMs,
  );
  return begin(ask, { operation: started, effects, mutation: 'install-activate' });
}

function startReturn(ask: Ask, choice: Choice): Reply {
  const { device, context } = ask;
  const name = choice.action === 'abort' ? 'install_abort' : 'install_rollback';
  const effects = play(
    [
      [0, ''],
      [0.8, phase(device, choice.action === 'abort' ? 'Abort' : 'Rollback')],
      [
        1,
        `Install will reload the system now!\nSUCCESS: ${name} ${stampOf(context.nowMs + returnMs)}`,
      ],
    ],
    returnMs,
  );
  const started = operation(ask, name, choice.version, returnMs);
  return begin(ask, { operation: started, effects, mutation: name.replace('_', '-') });
}

const commitMs = 18_000;

function commit(ask: Ask): Reply {
  const blocked = busy(ask, 'install_commit');
  if (blocked !== undefined) return blocked;
  const { device, context } = ask;
  const own = ownOf(device);
  const target = own.images.find((image) => image.state === 'U');
  if (target === undefined) {
    return failed(ask, 'install_commit', [
      'install_commit: Committing PACKAGE',
      'FAILED: install_commit : No uncommitted package(s) found to commit',
    ]);
  }
  const effects = play(
    [
      [0, `install_commit: START ${stampOf(context.nowMs)}\ninstall_commit: Committing PACKAGE\n`],
      [0.9, phase(device, 'Commit')],
      [1, `SUCCESS: install_commit ${stampOf(context.nowMs + commitMs)}`],
    ],
    commitMs,
  );
  const started = operation(ask, 'install_commit', target.version, commitMs);
  return begin(ask, { operation: started, effects, mutation: 'install-commit' });
}

function abort(ask: Ask, prompts: boolean): Reply {
  const blocked = busy(ask, 'install_abort');
  if (blocked !== undefined) return blocked;
  const own = ownOf(ask.device);
  const committed = own.images.find((image) => image.state === 'C');
  if (committed === undefined || !own.images.some((image) => image.state === 'U')) {
    return failed(ask, 'install_abort', [
      'FAILED: install_abort : No uncommitted operation to abort',
    ]);
  }
  const choice: Choice = { action: 'abort', version: committed.version, minutes: 0 };
  return prompts ? askReload(ask, choice, '') : startReturn(ask, choice);
}

function rollback(ask: Ask, target: string | undefined, prompts: boolean): Reply {
  const blocked = busy(ask, 'install_rollback');
  if (blocked !== undefined) return blocked;
  const own = ownOf(ask.device);
  if (target === undefined) {
    return failed(ask, 'install_rollback', [
      'FAILED: install_rollback : Rollback point does not exist',
    ]);
  }
  if (!own.images.some((image) => sameVersion(image.version, target))) {
    return failed(ask, 'install_rollback', [
      `FAILED: install_rollback : Packages of ${buildOf(target).installer} are not present on flash:`,
    ]);
  }
  if (sameVersion(own.packagesConf, target)) {
    return failed(ask, 'install_rollback', [
      'FAILED: install_rollback : No change, system is already at the rollback point',
    ]);
  }
  const choice: Choice = { action: 'rollback', version: target, minutes: 0 };
  return prompts ? askReload(ask, choice, '') : startReturn(ask, choice);
}

const committedOf = ({ device }: Ask): string | undefined =>
  ownOf(device).images.find((image) => image.state === 'C')?.version;

const pointOf = ({ device, args }: Ask): string | undefined =>
  ownOf(device).rollbacks.find((point) => String(point.id) === args['id'])?.version;

const baseOf = ({ device }: Ask): string | undefined => ownOf(device).rollbacks[0]?.version;

/** `pattern` as it stands, and with `prompt-level none` behind it. */
function both(pattern: string, run: (ask: Ask, prompts: boolean) => Reply): readonly Command[] {
  return [
    { pattern, privileged: true, run: (ask) => run(ask, true) },
    { pattern: `${pattern} prompt-level none`, privileged: true, run: (ask) => run(ask, false) },
  ];
}

/** The installer's commands. */
export const installCommands: readonly Command[] = [
  { pattern: 'install add file <path>', privileged: true, run: add },
  ...both('install activate', activate),
  ...both('install activate auto-abort-timer <minutes>', activate),
  { pattern: 'install commit', privileged: true, run: commit },
  ...both('install abort', abort),
  ...both('install rollback to committed', (ask, prompts) =>
    rollback(ask, committedOf(ask), prompts),
  ),
  ...both('install rollback to base', (ask, prompts) => rollback(ask, baseOf(ask), prompts)),
  ...both('install rollback to id <id>', (ask, prompts) => rollback(ask, pointOf(ask), prompts)),
  { pattern: 'install remove inactive', privileged: true, run: askRemove },
  { pattern: 'show install summary', run: shows(showSummary) },
  { pattern: 'show install log', run: shows(showInstallLog) },
  { pattern: 'show install rollback', run: shows(showRollback) },
  { pattern: 'show install rollback id <id>', run: shows(showRollbackId) },
];
