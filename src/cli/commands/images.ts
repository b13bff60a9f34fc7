import type { Command } from 'commander';
import type { ImageEntry } from '../../inventory/inventory.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { bytesText } from '../text.js';

const columns: readonly Column<ImageEntry>[] = [
  { key: 'name', value: (each) => each.name },
  { key: 'platform', value: (each) => each.platform },
  { key: 'models', value: (each) => each.models, text: (each) => each.models.join(', ') || 'any' },
  { key: 'version', value: (each) => each.version },
  {
    key: 'golden',
    value: (each) => each.golden,
    text: (each) => (each.golden ? 'yes' : ''),
    paint: (_each, paint) => paint.good,
  },
  {
    key: 'sizeBytes',
    title: 'size',
    value: (each) => each.sizeBytes,
    text: (each) => bytesText(each.sizeBytes),
    right: true,
  },
  { key: 'fileName', title: 'file', value: (each) => each.fileName },
  { key: 'path', value: (each) => each.path, wide: true },
  { key: 'sha512', value: (each) => each.sha512, wide: true },
  { key: 'md5', value: (each) => each.md5, wide: true },
];

async function list(desk: Desk): Promise<void> {
  const app = await desk.app('read');
  desk.out.list(columns, (await desk.inventory(app)).images);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('images')
    .description('the firmware images of the catalogue')
    .command('list')
    .description('list the images, with their hashes with -o wide')
    .action((_options: unknown, command: Command) => invocation.act(command, list));
}
