import type { Command } from 'commander';
import type { JsonObject } from '../../kernel/json.js';
import { oneOf, type Desk } from '../desk.js';
import { resultSchemas } from '../result-schemas.js';
import { yamlText } from '../yaml-text.js';
import type { Invocation } from '../invocation.js';

async function schema(desk: Desk, name: string | undefined): Promise<void> {
  const documents = await desk.parts.schemas();
  const schemas: Readonly<Record<string, JsonObject>> = { ...documents, ...resultSchemas };
  const names = Object.keys(schemas).sort();
  if (name === undefined) {
    return desk.out.list(
      [
        { key: 'name', value: (each: string) => each },
        { key: 'of', value: (each) => (Object.hasOwn(documents, each) ? 'a file' : 'a result') },
      ],
      names,
    );
  }
  const found = schemas[oneOf(name, 'schema', names)] ?? {};
  const inYaml = desk.settings.format === 'yaml';
  desk.out.raw(inYaml ? yamlText(found) : `${JSON.stringify(found, null, 2)}\n`);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('schema')
    .description('print a JSON Schema: of the files you write, of what -o json gives')
    .argument('[name]', 'without it: the names')
    .action((name: string | undefined, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => schema(desk, name)),
    );
}
