import type { Command } from 'commander';
import { announceWindow, conduct } from '../conduct.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { launch, placeOptions, type PlaceOptions } from '../launch.js';

interface RunOptions extends PlaceOptions {
  readonly observe?: boolean;
  readonly wait?: boolean;
}

async function run(desk: Desk, name: string, options: RunOptions): Promise<number> {
  const elsewhere = await launch(desk, options);
  if (elsewhere !== undefined) return elsewhere;
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const plan = await app.findPlan(name);
  announceWindow(desk, app, plan, options.wait !== false);
  const mode = options.observe === true ? 'observe' : 'run';
  const by = desk.parts.user;
  return conduct(desk, app, {
    plan,
    start: (watcher) => app.run({ inventory, plan, by, mode, watcher }),
  });
}

export function define(program: Command, invocation: Invocation): void {
  placeOptions(program.command('run'))
    .description('run an approved plan, once, inside its windows')
    .argument('<plan>', 'digest, name or last')
    .option('--observe', 'only the read-only half: nothing is changed')
    .option('--no-wait', 'exit with 7 when no window is open, instead of waiting')
    .action((plan: string, options: RunOptions, command: Command) =>
      invocation.act(command, (desk) => run(desk, plan, options)),
    );
}
