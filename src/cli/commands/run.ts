import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import type { App } from '../../app.js';
import type { Plan } from '../../plan/plan.js';
import type { Desk } from '../desk.js';
import { drive } from '../drive.js';
import type { Invocation } from '../invocation.js';

interface RunOptions {
  readonly observe?: boolean;
  readonly wait?: boolean;
}

/** When the next window of any unit opens; undefined when one is open now. */
function nextOpening(plan: Plan, nowMs: number): number | undefined {
  const windows = plan.body.units.flatMap((each) => each.windows);
  if (windows.some((each) => each.startMs <= nowMs && nowMs < each.endMs)) return undefined;
  const later = windows.filter((each) => each.startMs > nowMs).map((each) => each.startMs);
  return later.length > 0 ? Math.min(...later) : undefined;
}

function mindTheWindow(desk: Desk, app: App, plan: Plan, wait: boolean): void {
  const opensMs = nextOpening(plan, app.world.clock.now());
  if (opensMs === undefined) return;
  const when = new Date(opensMs).toISOString();
  if (!wait) throw new Fault('outside-window', `the next window opens at ${when}`);
  desk.out.say(`no window is open yet; the run waits until ${when}`);
}

async function run(desk: Desk, name: string, options: RunOptions): Promise<number> {
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const plan = await app.findPlan(name);
  mindTheWindow(desk, app, plan, options.wait !== false);
  const mode = options.observe === true ? 'observe' : 'run';
  return drive(desk, { app, plan }, (watcher) =>
    app.run({ inventory, plan, by: desk.parts.user, mode, watcher }),
  );
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('run')
    .description('run an approved plan, once, inside its windows')
    .argument('<plan>', 'digest, name or last')
    .option('--observe', 'only the read-only half: nothing is changed')
    .option('--no-wait', 'exit with 7 when no window is open, instead of waiting')
    .action((plan: string, options: RunOptions, command: Command) =>
      invocation.act(command, (desk) => run(desk, plan, options)),
    );
}
