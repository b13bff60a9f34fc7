import type { Command } from 'commander';
import { oneOf, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';

async function schema(desk: Desk, name: string | undefined): Promise<void> {
  const schemas = await desk.parts.schemas();
  const names = Object.keys(schemas).sort();
  if (name === undefined) {
    return desk.out.list([{ key: 'name', value: (each: string) => each }], names);
  }
  const found = schemas[oneOf(name, 'schema', names)];
  if (desk.settings.format === 'yaml') return desk.out.value(found, () => []);
  desk.out.text(`${JSON.stringify(found, null, 2)}\n`);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('schema')
    .description('print a JSON Schema for your editor')
    .argument('[name]', 'without it: the names')
    .action((name: string | undefined, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => schema(desk, name)),
    );
}
