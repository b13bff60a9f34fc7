import type { Command } from 'commander';
import { shortDigest } from '../../kernel/digest.js';
import { Fault, messageOf } from '../../kernel/fault.js';
import { recall } from '../../kernel/recall.js';
import { suggest } from '../../kernel/suggest.js';
import type { App } from '../../app.js';
import type { Plan, UnitPlan } from '../../plan/plan.js';
import { required, type Desk } from '../desk.js';
import { evidenceLines } from '../evidence-text.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime, utcTime } from '../moment.js';
import { pasteText } from '../plan-paste.js';
import { planText, type PlanLevel } from '../plan-text.js';
import { addSigningOptions, keyOf, personOf, type SigningOptions } from '../signing.js';
import { cleanJson } from '../visible.js';
import { waysInLines, waysInOf } from '../ways-in.js';
import { defineCards } from '../plan-cards.js';

const columns: readonly Column<Plan>[] = [
  { key: 'plan', value: (each) => shortDigest(each.digest) },
  { key: 'playbook', value: (each) => each.body.playbook.name },
  { key: 'author', value: (each) => each.body.author },
  {
    key: 'createdAt',
    title: 'made',
    value: (each) => isoTime(each.body.createdAtMs),
    text: (each) => utcTime(each.body.createdAtMs),
  },
  { key: 'units', value: (each) => each.body.units.length, right: true },
  { key: 'leftOut', title: 'left out', value: (each) => each.body.leftOut.length, right: true },
  { key: 'digest', value: (each) => each.digest, wide: true },
];

interface LevelOptions {
  readonly brief?: boolean;
  readonly full?: boolean;
}

function levelOf(options: LevelOptions): PlanLevel {
  if (options.full) return 'full';
  return options.brief ? 'brief' : 'normal';
}

async function print(desk: Desk, plan: Plan, level: PlanLevel): Promise<void> {
  const { out } = desk;
  const ways = await waysInOf(desk, plan);
  const nowMs = (await desk.app('read')).world.clock.now();
  // Redacted before it is laid out: a secret broken over two lines would be found by nobody.
  const clean = recall<Plan>(cleanJson(plan, desk.redact));
  const evidence = await (await desk.app('read')).evidence();
  out.value({ ...clean, waysIn: cleanJson(ways, desk.redact) }, () => [
    ...planText(clean, level, out),
    ...(level === 'brief' ? [] : evidenceLines(clean, evidence, out)),
    ...waysInLines(ways, nowMs, out),
  ]);
}

/** Planned on what was seen before the last look failed; the run looks again before it changes anything. */
async function warnOfFailedLooks(desk: Desk, app: App, plan: Plan): Promise<void> {
  const { sightings } = await app.fleet(plan.body.units.map((each) => each.unit));
  for (const each of sightings) {
    if (each.kind !== 'seen' || each.failure === undefined) continue;
    const { atMs, code, why } = each.failure;
    desk.out.warn(
      `${each.unit} was not seen at ${utcTime(atMs)} (${why} [${code}]); planned on what was seen at ${utcTime(each.atMs)}`,
    );
  }
}

async function make(desk: Desk, file: string, options: SigningOptions & LevelOptions) {
  const author = personOf(desk, options);
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const key = await keyOf(desk, options, { inventory, person: author });
  const playbook = await app.playbook(file);
  const plan = await app.plan({ inventory, playbook, limit: desk.settings.limit, author });
  const name = shortDigest(plan.digest);
  await print(desk, plan, levelOf(options));
  await warnOfFailedLooks(desk, app, plan);
  if (key) {
    const wanted = { by: author, decision: 'author', reason: 'author', key } as const;
    await app.decide(plan, inventory, wanted);
    desk.out.say(`plan ${name} is made and signed by ${author}`);
  } else {
    desk.out.say(`plan ${name} is made; its author has not signed it yet:`);
    desk.out.say(`  nightshift plan sign ${name} --as ${author} --key FILE`);
  }
}

async function sign(desk: Desk, name: string, options: SigningOptions): Promise<void> {
  const by = personOf(desk, options);
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const plan = await app.findPlan(name);
  const key = await keyOf(desk, options, { inventory, person: by });
  if (!key) required(undefined, '--key FILE or --agent', 'a signature needs a key');
  else await app.decide(plan, inventory, { by, decision: 'author', reason: 'author', key });
  desk.out.say(`plan ${shortDigest(plan.digest)} is signed by ${by}`);
}

/** A stale plan is still shown: the board may want to see what it approved. */
async function warnIfStale(desk: Desk, plan: Plan): Promise<void> {
  const app = await desk.app('read');
  const nowMs = app.world.clock.now();
  const ends = plan.body.units.flatMap((each) => each.windows.map((one) => one.endMs));
  if (ends.length > 0 && Math.max(...ends) <= nowMs) {
    desk.out.warn('every window of this plan is over');
  }
  try {
    const { obstacles } = await app.standing(plan, await desk.inventory(app));
    for (const each of obstacles.filter(({ code }) => code === 'plan-stale')) {
      desk.out.warn(`this plan is stale: ${each.why}`);
    }
  } catch (thrown) {
    const [first = ''] = messageOf(thrown).split('\n');
    desk.out.warn(`whether the plan is stale cannot be told: ${first}`);
  }
}

async function show(desk: Desk, name: string, options: LevelOptions): Promise<void> {
  const app = await desk.app('read');
  const plan = await app.findPlan(name);
  await warnIfStale(desk, plan);
  await print(desk, plan, levelOf(options));
}

function unitOf(plan: Plan, name: string): UnitPlan {
  const units = plan.body.units;
  const found = units.find((each) => each.unit === name);
  if (found) return found;
  const names = units.map((each): string => each.unit);
  const near = suggest(name, names);
  throw new Fault('usage', `the plan has no unit ${name}`, {
    mend: near === undefined ? `its units: ${names.join(', ')}` : `did you mean ${near}?`,
  });
}

/** To be typed by a person: as text, whatever else is asked for. */
async function paste(desk: Desk, name: string, unit: string): Promise<void> {
  const app = await desk.app('read');
  const plan = await app.findPlan(name);
  await warnIfStale(desk, plan);
  const lines = pasteText(plan, unitOf(plan, unit)).map(desk.redact);
  desk.out.value({ unit, lines }, () => lines, 'paste@1');
}

async function list(desk: Desk): Promise<void> {
  const app = await desk.app('read');
  desk.out.list(columns, await app.plans());
}

export function define(program: Command, invocation: Invocation): void {
  const plan = program
    .command('plan')
    .description('make a plan from a playbook; show, list and sign plans')
    .argument('<playbook>', 'the playbook file')
    .option('--brief', 'one line a unit')
    .option('--full', 'every command, dialog and check')
    .action((file: string, options: SigningOptions & LevelOptions, command: Command) =>
      invocation.act(command, (desk) => make(desk, file, options)),
    );
  addSigningOptions(plan);
  plan
    .command('show')
    .description('show a stored plan')
    .argument('<plan>', 'its digest or the beginning of it, its playbook, or last')
    .option('--paste <unit>', 'commands, questions, checks and the way back of one unit, to type')
    .action((name: string, options: { readonly paste?: string }, command: Command) =>
      invocation.act(command, (desk) =>
        options.paste === undefined
          ? show(desk, name, command.optsWithGlobals<LevelOptions>())
          : paste(desk, name, options.paste),
      ),
    );
  plan
    .command('list')
    .description('list the stored plans')
    .action((_options: unknown, command: Command) => invocation.act(command, list));
  defineCards(plan, invocation);
  plan
    .command('sign')
    .description('sign a stored plan as its author')
    .argument('<plan>', 'its digest or the beginning of it, its playbook, or last')
    .action((name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) =>
        sign(desk, name, command.optsWithGlobals<SigningOptions>()),
      ),
    );
}
