import type { Command } from 'commander';
import { faultPages } from '../kernel/fault-codes.js';
import { shortDigest } from '../kernel/digest.js';
import type { App } from '../app.js';
import type { Desk } from './desk.js';
import { formatsOf, hasResultForm, resultForm } from './result-form.js';

const WORDS_MAX = 500;
const FILES_MAX = 200;

/** A word that may come next, from what is on this machine alone; no device is asked. */
type Source = (app: App, desk: Desk) => Promise<readonly string[]>;

const patterns: Source = async (app, desk) => {
  const { units, sites } = await desk.inventory(app);
  return [
    ...units.map(({ id }) => id),
    ...new Set(units.flatMap(({ device }) => device.groups)),
    ...sites.map(({ name }) => `site_${name}`),
  ];
};

const units: Source = async (app, desk) => (await desk.inventory(app)).units.map(({ id }) => id);

const plans: Source = async (app) => [
  'last',
  ...(await app.plans()).map(({ digest }) => shortDigest(digest)),
];

const runs: Source = async (app) => ['last', ...(await app.runs()).map(({ run }) => run)];

const playbooks: Source = async (app) => {
  const names = (await app.world.files.list('playbooks')) ?? [];
  const files = names.filter((each) => /\.ya?ml$/.test(each)).slice(0, FILES_MAX);
  return files.map((each) => `playbooks/${each}`);
};

const codes: Source = async () => [...Object.keys(faultPages), 'exit-codes'];

/** By the words before: a command, or an option that takes a value. */
const sources: Readonly<Record<string, Source>> = {
  '--limit': patterns,
  explain: codes,
  trust: units,
  plan: playbooks,
  'plan show': plans,
  'plan card': units,
  'plan cards': plans,
  'playbook check': playbooks,
  'review show': plans,
  'review approve': plans,
  'review reject': plans,
  'review withdraw': plans,
  'lab run': plans,
  'lab strike': units,
  'inventory show': units,
  'config backup': units,
  mute: patterns,
  ack: runs,
  manual: runs,
  'manual show': runs,
  'manual done': runs,
  'manual let': runs,
  'manual refuse': runs,
  'manual stop': runs,
  '--run': runs,
  run: plans,
  stage: plans,
  resume: runs,
  status: runs,
  attach: runs,
  pause: runs,
  abort: runs,
  report: runs,
};

function namesOf(command: Command): readonly string[] {
  const all = [command, ...(command.parent ? [command.parent] : [])];
  return all
    .flatMap((each) => each.options)
    .flatMap(({ long, hidden }) => (hidden ? [] : (long ?? [])));
}

function formatNames(command: Command): readonly string[] {
  const words = pathOf(command);
  if (!hasResultForm(words)) return [];
  return formatsOf(resultForm(words)).map((each) => (each === 'table' ? 'text' : each));
}

/** The command that the words name, as far as they do. */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    command = command.commands.find((each) => each.name() === word) ?? command;
  }
  return command;
}

function pathOf(command: Command): string {
  if (!command.parent) return '';
  return `${pathOf(command.parent)} ${command.name()}`.trim();
}

/** Host patterns are continued after their last joint: `core:&site_a` begins `site_ams`. */
function jointOf(word: string): string {
  return /^.*[:,][&!]?|^[&!]/.exec(word)?.[0] ?? '';
}

/** What may stand where the last of `words` is being typed. `program` has the command of `words` defined. */
export async function completions(
  program: Command,
  words: readonly string[],
  desk: Desk,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = commandOf(program, before);
  if (typed.startsWith('-')) return begun(namesOf(command), typed);
  const option = before.at(-1) ?? '';
  if (option === '-o' || option === '--output') return begun(formatNames(command), typed);
  const source = option.startsWith('--') ? sources[option] : sources[pathOf(command)];
  const app = await desk.app('read');
  const live = source ? await source(app, desk).catch(() => []) : [];
  const joint = option === '--limit' ? jointOf(typed) : '';
  const own = option.startsWith('--') ? [] : command.commands.map((each) => each.name());
  return begun([...own, ...live.map((each) => `${joint}${each}`)], typed);
}

function begun(words: readonly string[], typed: string): readonly string[] {
  // What holds more than a plain word could be run by a shell that reads it.
  const safe = words.filter(
    (each) => each.startsWith(typed) && /^[A-Za-z0-9_.:,&!/@-]+$/.test(each),
  );
  return [...new Set(safe)].slice(0, WORDS_MAX);
}
