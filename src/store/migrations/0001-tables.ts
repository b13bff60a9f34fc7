import type { Migration } from './migration.js';

/** The first set of tables. */
export const tables: Migration = {
  version: 1,
  async up(schema) {
    await schema
      .createTable('meta')
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('run_epoch')
      .addColumn('run', 'text', (column) => column.primaryKey().notNull())
      .addColumn('ordinal', 'integer', (column) => column.notNull().unique())
      .addColumn('epoch', 'bigint', (column) => column.notNull())
      .addColumn('record_count', 'bigint', (column) => column.notNull())
      .addColumn('head_hash', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('journal')
      .addColumn('run', 'text', (column) => column.notNull().references('run_epoch.run'))
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('epoch', 'bigint', (column) => column.notNull())
      .addColumn('due_at_ms', 'bigint')
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('previous_hash', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('journal_key', ['run', 'seq'])
      .execute();
    await schema
      .createTable('book')
      .addColumn('id', 'bigint', (column) => column.primaryKey().notNull())
      .addColumn('book', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
    await schema.createIndex('book_by_key').on('book').columns(['book', 'key', 'id']).execute();
    await schema.createIndex('book_by_id').on('book').columns(['book', 'id']).execute();
    await schema
      .createTable('request')
      .addColumn('id', 'bigint', (column) => column.primaryKey().notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('requested_by', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .execute();
    await schema.createIndex('request_by_run').on('request').columns(['run', 'id']).execute();
  },
};
