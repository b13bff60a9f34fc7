import Database from 'better-sqlite3';
import { messageOf } from '../kernel/fault.js';
import { runId } from '../kernel/id.js';
import type { StateCheck } from '../ports/state-keeper.js';
import type { BookName } from '../ports/store.js';
import { schemaVersion } from './schema.js';
import { createSqlJournal } from './sql-journal.js';
import { openSqliteConnection } from './sqlite-connection.js';
import { stateFault } from './sqlite-fault.js';
import { judgeTombstones } from './tombstone.js';

const tableNames = ['meta', 'run_epoch', 'journal', 'book', 'request', 'tombstone'] as const;

const bookNames: Readonly<Record<BookName, true>> = {
  facts: true,
  snapshot: true,
  plan: true,
  approval: true,
  rehearsal: true,
  run: true,
  'host-key': true,
  'out-of-band': true,
  artefact: true,
  acceptance: true,
  staged: true,
  notice: true,
  mute: true,
  answer: true,
};

/** Opens a database for reading; SQLite's errors arrive as Faults. */
export function reading<T>(file: string, work: (database: Database.Database) => T): T {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
    return work(database);
  } catch (error) {
    throw stateFault(error, { doing: 'read', file });
  } finally {
    database?.close();
  }
}

/** The version of the tables; 0 when there are none of ours. */
export function versionOf(database: Database.Database): number {
  const known = database.prepare("select 1 from sqlite_master where name = 'meta'").get();
  if (known === undefined) return 0;
  const row = database
    .prepare<[], { value: string }>("select value from meta where name = 'schema-version'")
    .get();
  return Number(row?.value ?? 0);
}

interface Head {
  readonly run: string;
  readonly records: number;
  readonly head: string;
}

/** The end of every run's chain, as its row says. */
export function headsOf(database: Database.Database): readonly Head[] {
  return database
    .prepare<[], Head>(
      'select run, record_count as records, head_hash as head from run_epoch order by ordinal',
    )
    .all();
}

function countOf(database: Database.Database, sql: string): number {
  return database.prepare<[], { n: number }>(sql).get()?.n ?? 0;
}

function firstOf(found: readonly string[]): string | undefined {
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
  return found[0] === undefined ? undefined : `${found[0]}${more}`;
}

function databaseCheck(database: Database.Database): StateCheck {
  const told = database.prepare<[], { integrity_check: string }>('pragma integrity_check').all();
  const wrong = told.map((each) => each.integrity_check).filter((each) => each !== 'ok');
  const pages = countOf(database, 'select page_count as n from pragma_page_count');
  return { what: 'database', name: 'integrity', records: pages, wrong: firstOf(wrong) };
}

function schemaCheck(database: Database.Database): StateCheck {
  const version = versionOf(database);
  const names = database
    .prepare<[], { name: string }>(
      "select name from sqlite_master where type in ('table', 'view', 'trigger')",
    )
    .all()
    .map((each) => each.name)
    .filter((each) => !each.startsWith('sqlite_'));
  const foreign = names.filter((each) => !tableNames.some((known) => known === each));
  const missing = tableNames.filter((each) => !names.includes(each));
  const wrong = [
    ...(version === schemaVersion ? [] : [`schema ${version}; this build has ${schemaVersion}`]),
    ...foreign.map((each) => `${each} is none of ours`),
    ...missing.map((each) => `${each} is missing`),
  ];
  return {
    what: 'schema',
    name: `schema ${version}`,
    records: names.length,
    wrong: firstOf(wrong),
  };
}

/** Rows that nobody of us wrote, or that hang in the air. */
function rowChecks(database: Database.Database): readonly StateCheck[] {
  const names = (sql: string) =>
    database
      .prepare<[], { name: string }>(sql)
      .all()
      .map((each) => each.name);
  const records = (table: string) => countOf(database, `select count(*) as n from ${table}`);
  const orphans = names(
    'select distinct run as name from journal where run not in (select run from run_epoch)',
  );
  const books = names('select distinct book as name from book');
  const strange = books.filter((each) => !Object.hasOwn(bookNames, each));
  const broken = names("select book || ' ' || key as name from book where not json_valid(value)");
  const asked = names(
    `select distinct run as name from request where run not in (select run from run_epoch)
      and run not in (select key from tombstone where kind = 'journal')`,
  );
  const row = (name: string, of: string, wrong: readonly string[]): StateCheck => {
    return { what: 'rows', name, records: records(of), wrong: firstOf(wrong) };
  };
  return [
    row(
      'journal rows',
      'journal',
      orphans.map((each) => `records of ${each}, which is no run`),
    ),
    row('book rows', 'book', [
      ...strange.map((each) => `rows of a book ${each}, which is none of ours`),
      ...broken.map((each) => `${each} holds no JSON`),
    ]),
    row(
      'requests',
      'request',
      asked.map((each) => `requests to ${each}, which is no run`),
    ),
  ];
}

async function journalChecks(file: string, heads: readonly Head[]): Promise<readonly StateCheck[]> {
  const connection = await openSqliteConnection({ file, readOnly: true });
  const checks: StateCheck[] = [];
  try {
    const journal = createSqlJournal(connection);
    for (const { run, records } of heads) {
      const wrong = await journal.read(runId(run), 0).then(
        () => undefined,
        (thrown: unknown) => messageOf(thrown),
      );
      checks.push({ what: 'journal', name: run, records, wrong });
    }
  } finally {
    await connection.close();
  }
  return checks;
}

function failed(name: string, thrown: unknown): StateCheck {
  return { what: 'database', name, records: 0, wrong: messageOf(thrown) };
}

/** Integrity, tables, rows, tombstones, and the chain of every run. A damaged file is a finding, not a Fault. */
export async function checkDatabase(file: string): Promise<readonly StateCheck[]> {
  try {
    const { checks, heads } = reading(file, (database) => {
      const first = [databaseCheck(database), schemaCheck(database)];
      if (first.some((each) => each.wrong !== undefined)) return { checks: first, heads: [] };
      const { count: records, wrong } = judgeTombstones(database);
      const stones: StateCheck = { what: 'tombstones', name: 'tombstones', records, wrong };
      return { checks: [...first, ...rowChecks(database), stones], heads: headsOf(database) };
    });
    return [...checks, ...(await journalChecks(file, heads))];
  } catch (thrown) {
    return [failed('integrity', thrown)];
  }
}
