import type { SchemaModule } from 'kysely';

/** One forward step of the schema. It never changes once released; a later need is a later number. */
export interface Migration {
  readonly version: number;
  up(schema: SchemaModule): Promise<void>;
}
