import { Command, Option } from 'commander';
import type { Invocation } from './invocation.js';

/** A command file: it adds its command to the program. */
interface CommandFile {
  define(
    program: Command,
    invocation: Invocation,
    make: (words: readonly string[]) => Promise<Command>,
  ): void;
}

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  readonly load: () => Promise<CommandFile>;
}

const KNOW = 'Know what is there:';
const PLAN = 'Plan and approve:';
const RUN = 'Run and watch:';
const KEEP = 'Look after the state:';
const LAB = 'Rehearse:';
const ASK = 'Ask:';

/** In the order of the help. Each file is imported only when its command is used. */
const entries: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'make a folder for your own devices that works with the lab',
    group: KNOW,
    load: () => import('./commands/init.js'),
  },
  {
    name: 'inventory',
    summary: 'list what is declared, and what changed on it',
    group: KNOW,
    load: () => import('./commands/inventory.js'),
  },
  {
    name: 'fingerprint',
    summary: 'find out what each unit is and runs',
    group: KNOW,
    load: () => import('./commands/fingerprint.js'),
  },
  {
    name: 'doctor',
    summary: 'look at this machine and each unit, and say what to mend',
    group: KNOW,
    load: () => import('./commands/doctor.js'),
  },
  {
    name: 'trust',
    summary: 'accept the SSH host key of a unit',
    group: KNOW,
    load: () => import('./commands/trust.js'),
  },
  {
    name: 'windows',
    summary: 'list the next maintenance windows and freezes',
    group: KNOW,
    load: () => import('./commands/windows.js'),
  },
  {
    name: 'images',
    summary: 'list the firmware images',
    group: KNOW,
    load: () => import('./commands/images.js'),
  },
  {
    name: 'playbook',
    summary: 'check a playbook',
    group: PLAN,
    load: () => import('./commands/playbook.js'),
  },
  {
    name: 'config',
    summary: 'compare configurations; work out what to type; print backups',
    group: PLAN,
    load: () => import('./commands/config.js'),
  },
  {
    name: 'plan',
    summary: 'make a plan from a playbook; show, list and sign plans',
    group: PLAN,
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'evidence',
    summary: 'how far each platform and model was taken, by our own journal',
    group: PLAN,
    load: () => import('./commands/evidence.js'),
  },
  {
    name: 'review',
    summary: 'show how a plan stands; approve, reject, withdraw',
    group: PLAN,
    load: () => import('./commands/review.js'),
  },
  {
    name: 'stage',
    summary: 'copy the images of an approved plan ahead of its change',
    group: RUN,
    load: () => import('./commands/stage.js'),
  },
  {
    name: 'run',
    summary: 'run an approved plan',
    group: RUN,
    load: () => import('./commands/run.js'),
  },
  {
    name: 'manual',
    summary: 'what a run by hand asks people to do, and your word for it',
    group: RUN,
    load: () => import('./commands/manual.js'),
  },
  {
    name: 'status',
    summary: 'show how a run stands now',
    group: RUN,
    load: () => import('./commands/status.js'),
  },
  {
    name: 'attach',
    summary: 'watch a run of another process',
    group: RUN,
    load: () => import('./commands/attach.js'),
  },
  {
    name: 'pause',
    summary: 'begin nothing new in a run',
    group: RUN,
    load: () => import('./commands/pause.js'),
  },
  {
    name: 'resume',
    summary: 'go on with a run that was paused, stopped or interrupted',
    group: RUN,
    load: () => import('./commands/resume.js'),
  },
  {
    name: 'abort',
    summary: 'end a run at a safe point',
    group: RUN,
    load: () => import('./commands/abort.js'),
  },
  {
    name: 'ack',
    summary: 'take a notice in hand: it goes on to nobody else',
    group: RUN,
    load: () => import('./commands/ack.js'),
  },
  {
    name: 'notices',
    summary: 'whom a run told what; test channels, send again',
    group: RUN,
    load: () => import('./commands/notices.js'),
  },
  {
    name: 'mute',
    summary: 'keep the monitoring of units quiet for a while',
    group: RUN,
    load: () => import('./commands/mute.js'),
  },
  {
    name: 'service',
    summary: 'systemd units for runs and their notices',
    group: RUN,
    load: () => import('./commands/service.js'),
  },
  {
    name: 'history',
    summary: 'list the runs',
    group: RUN,
    load: () => import('./commands/history.js'),
  },
  {
    name: 'report',
    summary: 'write the report of a run',
    group: RUN,
    load: () => import('./commands/report.js'),
  },
  {
    name: 'audit',
    summary: 'verify that the records were not altered',
    group: RUN,
    load: () => import('./commands/audit.js'),
  },
  {
    name: 'state',
    summary: 'back up, restore, verify and prune the state directory',
    group: KEEP,
    load: () => import('./commands/state.js'),
  },
  {
    name: 'lab',
    summary: 'rehearse plans, simulate a network, see the demo',
    group: LAB,
    load: () => import('./commands/lab.js'),
  },
  {
    name: 'explain',
    summary: 'explain an error code',
    group: ASK,
    load: () => import('./commands/explain.js'),
  },
  {
    name: 'completion',
    summary: 'completion for bash, zsh and fish',
    group: ASK,
    load: () => import('./commands/completion.js'),
  },
  {
    name: 'schema',
    summary: 'print a JSON Schema for your editor',
    group: ASK,
    load: () => import('./commands/schema.js'),
  },
];

function globalOptions(): readonly Option[] {
  return [
    new Option('-i, --inventory <dir>', 'inventory folder (default: ./inventory, else .)'),
    new Option('--state <dir>', 'state directory (default: .nightshift)'),
    new Option(
      '-o, --output <format>',
      'text, wide, json, ndjson, yaml, csv; some take junit, html',
    ),
    new Option('--limit <pattern>', 'only these units: names, groups, sites, globs, ~regex'),
    new Option('--color', 'colours even where there is no terminal'),
    new Option('--no-color', 'no colours').default(undefined),
    new Option('-y, --yes', 'ask nothing'),
    new Option('--lab-clock <file>', 'the clock of a lab, by its lab-state.json').hideHelp(),
  ];
}

/** The first word that names a command; the values of global options are none. */
function wordsOf(argv: readonly string[]): readonly string[] {
  const takesValue = new Set(
    globalOptions()
      .filter((each) => each.required)
      .flatMap((each) => [each.short, each.long].filter((name) => name !== undefined)),
  );
  return argv.filter((each, at) => !each.startsWith('-') && !takesValue.has(argv[at - 1] ?? ' '));
}

function bareProgram(invocation: Invocation): Command {
  const { version } = invocation.parts;
  const program = new Command('nightshift')
    .description('Upgrades routers, switches and firewalls inside agreed maintenance windows.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({ showGlobalOptions: true, helpWidth: invocation.width })
    .exitOverride()
    .configureOutput({
      writeOut: invocation.writeOut,
      writeErr: invocation.writeErr,
      outputError: () => undefined,
    });
  for (const option of globalOptions()) program.addOption(option);
  return program;
}

/** The whole program, of which only the command that `argv` names is really there. */
export async function makeProgram(
  argv: readonly string[],
  invocation: Invocation,
): Promise<Command> {
  const program = bareProgram(invocation);
  const words = wordsOf(argv);
  const wanted = words[0] === 'help' ? words[1] : words[0];
  for (const entry of entries) {
    program.commandsGroup(entry.group);
    if (entry.name === wanted) {
      (await entry.load()).define(program, invocation, (typed) => makeProgram(typed, invocation));
    } else program.command(entry.name).description(entry.summary);
  }
  return program;
}
