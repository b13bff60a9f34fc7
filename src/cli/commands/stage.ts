import type { Command } from 'commander';
import type { StagedFile } from '../../run/staged-file.js';
import { conduct } from '../conduct.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { requireRoom } from '../room.js';
import { launch, placeOptions, type PlaceOptions } from '../launch.js';
import type { Column } from '../list.js';
import { bothTimes } from '../moment.js';

type Row = StagedFile & { readonly expired: boolean };

const columns: readonly Column<Row>[] = [
  { key: 'unit', value: (row) => row.unit },
  { key: 'image', value: (row) => row.image },
  { key: 'path', value: (row) => row.path },
  { key: 'staged', value: (row) => bothTimes(row.stagedAtMs, 'UTC') },
  { key: 'expires', value: (row) => bothTimes(row.expiresAtMs, 'UTC') },
  { key: 'state', value: (row) => (row.expired ? 'expired' : 'staged') },
];

async function list(desk: Desk): Promise<number> {
  const app = await desk.app('read');
  const nowMs = app.world.clock.now();
  const files = await app.staged();
  desk.out.list(
    columns,
    files.map((each) => ({ ...each, expired: each.expiresAtMs <= nowMs })),
    'staged@1',
  );
  return 0;
}

async function stage(desk: Desk, name: string, options: PlaceOptions): Promise<number> {
  const elsewhere = await launch(desk, options);
  if (elsewhere !== undefined) return elsewhere;
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const plan = await app.findPlan(name);
  await requireRoom(desk, plan);
  const by = desk.parts.user;
  return conduct(desk, app, {
    plan,
    start: (watcher) => app.run({ inventory, plan, by, mode: 'stage', watcher }),
  });
}

export function define(program: Command, invocation: Invocation): void {
  placeOptions(program.command('stage'))
    .description('copy and verify the images of an approved plan ahead of its change')
    .argument('[plan]', 'digest, name or last; left out: list what is staged')
    .action((plan: string | undefined, options: PlaceOptions, command: Command) =>
      invocation.act(command, (desk) =>
        plan === undefined ? list(desk) : stage(desk, plan, options),
      ),
    );
}
