import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_ENVIRONMENT, packageRoot } from './prepare.js';

export interface DemoOptions {
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

interface DemoStep {
  /** What a person would want to know before the command. */
  readonly about: string;
  readonly command: readonly string[];
  /** Exit codes that the story expects; anything else ends the demo with an error. */
  readonly expects: readonly number[];
}

const VICTIM = 'acc-ams-2';
const SPEED = '120';
const REPORT = 'report.html';

const review = (person: string, reason: string) => [
  'review',
  'approve',
  'last',
  '--as',
  person,
  '--key',
  `keys/${person}.pem`,
  '--reason',
  reason,
];

const STORY: readonly DemoStep[] = [
  {
    about: 'Two sites of four vendors come up on loopback: real SSH, real SNMP, a fast clock.',
    command: ['lab', 'up', '--speed', SPEED],
    expects: [0],
  },
  {
    about: 'Who is there, and what does it run? First contact accepts the host keys, on record.',
    command: ['fingerprint', '--accept-new', '--reason', 'first contact, lab is new'],
    expects: [0],
  },
  { about: 'When may we work?', command: ['windows', 'list', '--next', '2'], expects: [0] },
  {
    about: 'Otto plans firmware and new time servers for all of them, and signs as the author.',
    command: ['plan', 'playbooks/campus-firmware.yaml', '--as', 'otto', '--key', 'keys/otto.pem'],
    expects: [0],
  },
  {
    about: 'The same plan among simulated twins, with the full 48 hours of soak.',
    command: ['lab', 'run', 'last', '--soak', 'PT48H'],
    expects: [0],
  },
  {
    about: 'The change board approves exactly this plan: two people, two keys.',
    command: review('anna', 'rehearsed, waves keep every pair up'),
    expects: [0],
  },
  { about: '', command: review('bea', 'inside the window, rollback is planned'), expects: [0] },
  {
    about: `Something goes wrong tonight: ${VICTIM} will boot its old image.`,
    command: ['lab', 'strike', 'boots-old-image', VICTIM],
    expects: [0],
  },
  {
    about:
      'The night. Canaries of each model first; the fault is recognised, rolled back, and the run stops.',
    command: ['run', 'last'],
    expects: [4, 5],
  },
  {
    about: 'In the morning: how does it stand?',
    command: ['status', 'last'],
    expects: [0],
  },
  {
    about: 'The cause is found and removed; the same approved plan goes on.',
    command: ['lab', 'clear', '--device', VICTIM],
    expects: [0],
  },
  {
    about: '',
    command: ['resume', 'last', '--reason', 'boot medium replaced, the others are sound'],
    expects: [4, 5],
  },
  { about: 'The report.', command: ['report', 'last', '--out', REPORT], expects: [0] },
];

function shown(command: readonly string[]): string {
  const quoted = command.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `"${word}"`));
  return `$ nightshift ${quoted.join(' ')}`;
}

/** Runs the real program, with its output going straight to the terminal. */
function type(command: readonly string[], directory: string, stop: AbortSignal): Promise<number> {
  const program = join(packageRoot(), 'bin', 'nightshift');
  const environment = { ...process.env, ...LAB_ENVIRONMENT };
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...command], {
      cwd: directory,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
      signal: stop,
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}

/** The main job from first contact to report, by the very commands that a person would type. Gives the exit code. */
export async function runDemo({ say, stop }: DemoOptions): Promise<number> {
  const base = mkdtempSync(join(tmpdir(), 'nightshift-demo-'));
  const directory = join(base, 'night');
  const startedMs = Date.now();
  const made = await type(['lab', 'init', directory], base, stop);
  if (made !== 0) return made;
  let failed: number | undefined;
  try {
    for (const { about, command, expects } of STORY) {
      say('');
      if (about !== '') say(`# ${about}`);
      say(shown(command));
      const code = await type(command, directory, stop);
      if (expects.includes(code)) continue;
      say(`this was to exit with ${expects.join(' or ')}, but exited with ${code}`);
      failed = code === 0 ? 1 : code;
      break;
    }
  } finally {
    say('');
    say('$ nightshift lab down');
    await type(['lab', 'down'], directory, new AbortController().signal);
  }
  const report = join(directory, REPORT);
  if (failed !== undefined || !existsSync(report)) return failed ?? 1;
  say('');
  say(`Done in ${Math.round((Date.now() - startedMs) / 1000)} s. The report: ${report}`);
  return 0;
}
