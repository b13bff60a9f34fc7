import { InvalidArgumentError, type Command } from 'commander';
import { formatDuration, parseDurationMs } from '../../kernel/duration.js';
import { Fault } from '../../kernel/fault.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { foretoldLines } from '../notice-text.js';
import type { LabCommands, LabFault, RehearsalResult } from '../lab-commands.js';
import type { Column } from '../list.js';
import type { Plan } from '../../plan/plan.js';
import { rehearsalSuite } from '../run-junit.js';
import { oneLine } from '../visible.js';
import { defineSeeds } from './lab-seeds.js';
import { defineShrink } from './lab-shrink.js';

type Work = (lab: LabCommands, desk: Desk) => Promise<number | void>;

/** The lab's work, stopped by Ctrl-C; it takes down what it began. */
async function withLab(desk: Desk, work: Work): Promise<number | void> {
  const app = await desk.app('write');
  const stop = new AbortController();
  const takeBack = desk.parts.console.onStop(() => {
    if (stop.signal.aborted) desk.parts.console.quit(exitCodes.interrupted);
    stop.abort();
  });
  try {
    const code = await work(await desk.lab(app, stop.signal), desk);
    return stop.signal.aborted ? exitCodes.interrupted : code;
  } catch (thrown) {
    if (stop.signal.aborted) return exitCodes.interrupted;
    throw thrown;
  } finally {
    takeBack();
  }
}

interface RehearseOptions {
  readonly seed?: string;
  readonly fault: readonly string[];
  readonly soak?: number;
  readonly manual?: boolean;
  readonly picture?: string;
}

function printResult({ out, settings }: Desk, plan: Plan, result: RehearsalResult): void {
  const { format } = settings;
  if (format === 'junit') out.junit('nightshift lab run', [rehearsalSuite(plan, result)]);
  else if (format === 'table' || format === 'wide' || format === 'csv') {
    out.list(endingColumns, result.units);
  } else out.value(result, () => []);
}

async function rehearse(
  lab: LabCommands,
  desk: Desk,
  about: { name: string; options: RehearseOptions },
) {
  const { seed, fault, soak, manual = false, picture: file } = about.options;
  const app = await desk.app('write');
  const plan = await app.findPlan(about.name);
  const { picture, ...result } = await lab.rehearse(plan, await desk.inventory(app), {
    faults: fault,
    manual,
    picture: file !== undefined,
    ...(seed === undefined ? {} : { seed }),
    ...(soak === undefined ? {} : { soakMs: soak }),
  });
  printResult(desk, plan, result);
  for (const line of foretoldLines(result.notices)) desk.out.tell(line);
  for (const line of lostLines(result.lost)) desk.out.tell(line);
  if (file !== undefined) await writePicture(desk, file, picture);
  const tone = result.passed ? desk.out.talkPaint.good : desk.out.talkPaint.bad;
  desk.out.say(`${tone(result.passed ? 'passed:' : 'NOT passed:')} ${oneLine(result.headline)}`);
  const took = `${(result.tookMs / 1000).toFixed(1)} s`;
  desk.out.say(`${formatDuration(result.virtualMs)} in the lab took ${took}; seed ${result.seed}`);
  return result.passed ? exitCodes.done : exitCodes.checkFailed;
}

/** One line a flow: how much at most, and how long in all. */
function lostLines(lost: RehearsalResult['lost']): readonly string[] {
  const names = [...new Set(lost.map((each) => each.name))].toSorted();
  return names.map((name) => {
    const times = lost.filter((each) => each.name === name);
    const most = Math.max(...times.map((each) => each.lossPercent));
    const totalMs = times.reduce((sum, each) => sum + each.toMs - each.fromMs, 0);
    const took = formatDuration(Math.max(1000, Math.round(totalMs / 1000) * 1000));
    return `flow ${oneLine(name)} lost up to ${Math.round(most)} %, for ${took} in all`;
  });
}

async function writePicture(desk: Desk, file: string, picture: string | undefined): Promise<void> {
  if (picture === undefined) {
    throw new Fault('usage', 'the plan was made without its network', { mend: 'make it again' });
  }
  const app = await desk.app('write');
  await app.world.files.writeText(file, desk.redact(picture), 0o644);
  desk.out.say(`the picture is in ${file}`);
}

type Ending = RehearsalResult['units'][number];

const endingColumns: readonly Column<Ending>[] = [
  { key: 'unit', value: (each) => each.unit },
  {
    key: 'ended',
    value: (each) => each.ended,
    paint: (each, paint) => (each.ended === 'done' ? paint.good : paint.bad),
  },
  {
    key: 'isTrue',
    title: 'lab agrees',
    value: (each) => each.isTrue,
    text: (each) => (each.isTrue ? 'yes' : 'NO'),
    paint: (each, paint) => (each.isTrue ? undefined : paint.bad),
  },
  { key: 'why', value: (each) => each.why, flow: true },
];

const faultColumns = [
  { key: 'fault', value: (each: LabFault) => each.id },
  { key: 'title', value: (each: LabFault) => each.title, flow: true },
  {
    key: 'conclusion',
    title: 'a run concludes',
    value: (each: LabFault) => each.conclusion,
    flow: true,
  },
];

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new InvalidArgumentError('A duration is PT48H, P2D or the like.');
  return ms;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (Number.isFinite(speed) && speed >= 1 && speed <= 10_000) return speed;
  throw new InvalidArgumentError('A speed is a number from 1 to 10000.');
}

function defineNetwork(lab: Command, act: (command: Command, work: Work) => Promise<void>): void {
  lab
    .command('init')
    .description('make a folder with an example that works at once')
    .argument('<directory>', 'new or empty')
    .option('--network <prefix>', 'where its devices listen: the first three numbers (127.20.1)')
    .action((directory: string, options: { network?: string }, command: Command) =>
      act(command, async (commands, desk) =>
        desk.out.lines(await commands.init(directory, options.network)),
      ),
    );
  lab
    .command('up')
    .description('start the simulated network on loopback, in a process of its own')
    .option('--speed <n>', 'its clock runs so many times as fast', speedOf)
    .action((options: { speed?: number }, command: Command) =>
      act(command, async (commands, desk) => {
        const place = await commands.up(options);
        desk.out.value(place, () => [
          `${place.devices} devices are up, process ${place.pid}`,
          `its clock: --lab-clock ${place.stateFile}`,
        ]);
      }),
    );
  lab
    .command('down')
    .description('stop the simulated network')
    .action((_options: unknown, command: Command) =>
      act(command, async (commands, desk) => {
        desk.out.say((await commands.down()) ? 'the lab is down' : 'no lab was up');
      }),
    );
}

const flowColumns: readonly Column<{ readonly name: string; readonly lossPercent: number }>[] = [
  { key: 'flow', value: (each) => each.name },
  { key: 'lossPercent', title: 'lost %', value: (each) => each.lossPercent, right: true },
];

async function flows(commands: LabCommands, desk: Desk, name: string | undefined): Promise<void> {
  const all = await commands.flows();
  if (name === undefined) return desk.out.list(flowColumns, all);
  const found = all.find((each) => each.name === name);
  if (found && desk.settings.format === 'table') return desk.out.lines([`${found.lossPercent}`]);
  if (found) return desk.out.list(flowColumns, [found]);
  const known = all.map((each) => each.name).join(', ');
  throw new Fault('usage', `the lab has no flow ${name}`, { mend: `known: ${known || 'none'}` });
}

function defineFlows(lab: Command, act: (command: Command, work: Work) => Promise<void>): void {
  lab
    .command('flows')
    .description('what the flows of the simulated network lose now; one alone as a probe prints it')
    .argument('[flow]', 'one of flows.yaml')
    .action((name: string | undefined, _options: unknown, command: Command) =>
      act(command, (commands, desk) => flows(commands, desk, name)),
    );
}

function defineFaults(lab: Command, act: (command: Command, work: Work) => Promise<void>): void {
  lab
    .command('faults')
    .description('list the faults that the lab knows')
    .action((_options: unknown, command: Command) =>
      act(command, async (commands, desk) => desk.out.list(faultColumns, await commands.faults())),
    );
  lab
    .command('strike')
    .description('let a fault strike a device of the simulated network')
    .argument('<fault>', 'as in lab faults')
    .argument('<device>', 'the device')
    .action((fault: string, device: string, _options: unknown, command: Command) =>
      act(command, async (commands, desk) => {
        await commands.strike(device, fault);
        desk.out.say(`${fault} will strike ${device}`);
      }),
    );
  lab
    .command('clear')
    .description('take the faults away again')
    .option('--device <device>', 'only of this device')
    .action((options: { device?: string }, command: Command) =>
      act(command, async (commands, desk) => {
        await commands.clear(options.device);
        desk.out.say(`the faults of ${options.device ?? 'all devices'} are gone`);
      }),
    );
}

export function define(program: Command, invocation: Invocation): void {
  const lab = program
    .command('lab')
    .description('rehearse plans, simulate a network, see the demo');
  const act = (command: Command, work: Work) =>
    invocation.act(command, (desk) => withLab(desk, work));
  const collect = (text: string, known: readonly string[]) => [...known, text];
  lab
    .command('run')
    .description('rehearse exactly this plan in process, its soak included')
    .argument('<plan>', 'its digest or the beginning of it, its playbook, or last')
    .option('--seed <text>', 'another seed, another night')
    .option('--fault <unit=fault>', 'let a fault strike; may be given again', collect, [])
    .option('--manual', 'as by hand: a simulated person types what is asked for')
    .option('--soak <duration>', 'instead of the soak of the plan: PT48H', duration)
    .option('--picture <file>', 'draw it as SVG: waves, what was down when, lost flows')
    .action((name: string, options: RehearseOptions, command: Command) =>
      act(command, (commands, desk) => rehearse(commands, desk, { name, options })),
    );
  lab
    .command('demo')
    .description('the whole way on a small network, from first contact to report')
    .action((_options: unknown, command: Command) => act(command, (commands) => commands.demo()));
  defineSeeds(lab, act);
  defineShrink(lab, act);
  defineNetwork(lab, act);
  defineFaults(lab, act);
  defineFlows(lab, act);
}
