import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { digestText } from '../kernel/digest.js';
import { Fault } from '../kernel/fault.js';
import { canonicalJson } from '../kernel/json.js';
import type { Clock } from '../ports/clock.js';
import type { Backup, BackupManifest } from '../ports/state-keeper.js';
import { hashOfFile, membersOf, textOf, unpack, writeArchive, type Packed } from './archive.js';
import { recall, toJson } from '../kernel/recall.js';
import { copyDatabase } from './sqlite-copy.js';
import { stateFault } from './sqlite-fault.js';
import { checkDatabase, headsOf, reading, versionOf } from './state-check.js';

const MANIFEST = 'manifest.json';
const DATABASE = 'nightshift.db';
const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;
const KEYS_MAX = 100;

export interface BackupPlace {
  /** The state directory. */
  readonly directory: string;
  readonly clock: Clock;
  readonly program: string;
}

/** Signing keys lie where people put them: only what is named here goes along, and only files. */
function keysIn(folder: string | undefined): readonly Packed[] {
  if (folder === undefined) return [];
  const names = readdirSync(folder)
    .filter((each) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/.test(each))
    .filter((each) => statSync(join(folder, each)).isFile());
  if (names.length > KEYS_MAX) throw new Fault('usage', `${folder} holds ${names.length} files`);
  return names.map((each) => ({ name: `keys/${each}`, path: join(folder, each) }));
}

function describe({ name, path }: Packed): BackupManifest['files'][number] {
  return { name, sizeBytes: statSync(path).size, sha256: hashOfFile(path) };
}

/**
 * Writes a backup of the state to a new file, as it is at one instant, while a run goes on as well. The copy is checked
 * as a whole before the file appears under its name.
 */
export async function backUpState(
  place: BackupPlace,
  file: string,
  options: { readonly keys?: string },
): Promise<Backup> {
  const { directory, clock, program } = place;
  const source = join(directory, DATABASE);
  if (!existsSync(source)) throw new Fault('state-unreadable', `${directory} holds no ${DATABASE}`);
  if (existsSync(file)) throw new Fault('backup-invalid', `${file} is there already`);
  let work: string | undefined;
  try {
    work = mkdtempSync(join(dirname(resolve(file)), '.nightshift-backup-'));
    const copy = join(work, DATABASE);
    await copyDatabase(source, copy);
    await requireSound(copy);
    const packed = [{ name: DATABASE, path: copy }, ...keysIn(options.keys)];
    const { runs, schema } = reading(copy, (db) => ({ runs: headsOf(db), schema: versionOf(db) }));
    const madeAt = new Date(clock.now()).toISOString();
    const files = packed.map(describe);
    const manifest: BackupManifest = { format: 1, madeAt, program, schema, runs, files };
    const text = `${canonicalJson(toJson(manifest))}\n`;
    writeArchive(join(work, 'backup'), [{ name: MANIFEST, text }, ...packed], clock.now());
    renameSync(join(work, 'backup'), file);
    return { file, manifest, digest: digestText(text) };
  } catch (error) {
    throw stateFault(error, { doing: 'write', file });
  } finally {
    if (work !== undefined) rmSync(work, { recursive: true, force: true });
  }
}

/** Fault `state-unreadable`, or `journal-tampered`, naming the first thing that is not as it was written. */
async function requireSound(database: string): Promise<void> {
  const wrong = (await checkDatabase(database)).find((each) => each.wrong !== undefined);
  if (!wrong) return;
  const code = wrong.what === 'journal' ? 'journal-tampered' : 'state-unreadable';
  throw new Fault(code, `${wrong.name}: ${wrong.wrong}`, {
    mend: 'nightshift state verify lists everything; restore an earlier backup',
  });
}

function isManifest(value: unknown): value is BackupManifest {
  const { format, runs, files, schema, madeAt } = Object(value);
  const isFile = (each: unknown) => {
    const { name, sizeBytes, sha256 } = Object(each);
    return (
      typeof name === 'string' && Number.isSafeInteger(sizeBytes) && typeof sha256 === 'string'
    );
  };
  return (
    format === 1 &&
    typeof madeAt === 'string' &&
    Number.isSafeInteger(schema) &&
    Array.isArray(runs) &&
    Array.isArray(files) &&
    files.every(isFile)
  );
}

function manifestOf(text: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isManifest(value)) return recall<BackupManifest>(toJson(value));
  throw new Fault('backup-invalid', 'the manifest of the backup cannot be read');
}

/** What was unpacked, all of it as the manifest says. */
export interface Unpacked extends Backup {
  readonly database: string;
  readonly keys: readonly { readonly name: string; readonly path: string }[];
}

/** Unpacks a backup into a new folder and verifies digests, heads and chains. Fault `backup-invalid`. */
export async function unpackBackup(file: string, folder: string): Promise<Unpacked> {
  const [first, ...members] = membersOf(file);
  if (first?.name !== MANIFEST) throw new Fault('backup-invalid', `${file} is no backup`);
  const text = textOf(file, first, MANIFEST_BYTES_MAX);
  const manifest = manifestOf(text);
  const names = (each: readonly { name: string }[]) => each.map(({ name }) => name).join('\n');
  if (names(members) !== names(manifest.files)) {
    throw new Fault('backup-invalid', 'the backup does not hold what its manifest lists');
  }
  const written = members.map((member, at) => {
    const path = join(folder, member.name.replaceAll('/', '-'));
    const sha256 = unpack(file, member, path);
    if (sha256 !== manifest.files[at]?.sha256) {
      throw new Fault('backup-invalid', `${member.name} is not as the manifest says`);
    }
    return { name: member.name, path };
  });
  const database = written.find((each) => each.name === DATABASE)?.path;
  if (database === undefined) throw new Fault('backup-invalid', 'the backup holds no database');
  const heads = reading(database, headsOf);
  if (canonicalJson(toJson({ heads })) !== canonicalJson(toJson({ heads: manifest.runs }))) {
    throw new Fault('journal-tampered', 'the journals do not end where the manifest says');
  }
  const keys = written.filter((each) => each.name.startsWith('keys/'));
  return { file, manifest, digest: digestText(text), database, keys };
}
