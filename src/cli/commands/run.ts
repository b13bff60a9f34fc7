import { Option, type Command } from 'commander';
import type { App } from '../../app.js';
import type { Plan } from '../../plan/plan.js';
import type { RunMode } from '../../run/event.js';
import { announceWindow, closeRun, conduct } from '../conduct.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { requireRoom } from '../room.js';
import { launch, placeOptions, type PlaceOptions } from '../launch.js';

interface RunOptions extends PlaceOptions {
  readonly observe?: boolean;
  readonly manual?: boolean;
  readonly wait?: boolean;
  readonly continue?: boolean;
}

/** The run of this plan goes on as it was left; one that is over is only told of. Undefined: it never began. */
async function goOn(desk: Desk, app: App, plan: Plan): Promise<number | undefined> {
  const row = (await app.runs()).findLast(
    (each) => each.plan === plan.digest && (each.mode === 'run' || each.mode === 'manual'),
  );
  if (!row) return undefined;
  if ((await app.runState(row)).state.finished) return closeRun(desk, app, row);
  const inventory = await desk.inventory(app);
  const by = desk.parts.user;
  return conduct(desk, app, {
    plan,
    mode: row.mode,
    start: (watcher) => app.takeOver({ inventory, by, watcher }, row),
  });
}

function modeOf({ observe, manual }: RunOptions): RunMode {
  if (observe === true) return 'observe';
  return manual === true ? 'manual' : 'run';
}

async function run(desk: Desk, name: string, options: RunOptions): Promise<number> {
  const elsewhere = await launch(desk, options);
  if (elsewhere !== undefined) return elsewhere;
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const plan = await app.findPlan(name);
  const again = options.continue === true ? await goOn(desk, app, plan) : undefined;
  if (again !== undefined) return again;
  await requireRoom(desk, plan);
  announceWindow(desk, app, plan, options.wait !== false);
  const mode = modeOf(options);
  const by = desk.parts.user;
  return conduct(desk, app, {
    plan,
    mode,
    start: (watcher) => app.run({ inventory, plan, by, mode, watcher }),
  });
}

export function define(program: Command, invocation: Invocation): void {
  placeOptions(program.command('run'))
    .description('run an approved plan, once, inside its windows')
    .argument('<plan>', 'digest, name or last')
    .option('--observe', 'only the read-only half: nothing is changed')
    .addOption(
      new Option(
        '--manual',
        'you type what changes a device, when it is asked for; the run looks and checks',
      ).conflicts('observe'),
    )
    .option('--continue', 'when it was begun already: go on as it was left, as after a crash')
    .option('--no-wait', 'exit with 7 when no window is open, instead of waiting')
    .action((plan: string, options: RunOptions, command: Command) =>
      invocation.act(command, (desk) => run(desk, plan, options)),
    );
}
