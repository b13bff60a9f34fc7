import { posix } from 'node:path';
import { loadDocument } from '../document/document.js';
import type { Diagnostic } from '../kernel/diagnostic.js';
import { suggest } from '../kernel/suggest.js';
import type { Files } from '../ports/files.js';
import type { Declarations, Declared, Settings } from './entries.js';
import { inventorySchemas } from './schemas/schemas.js';
import type { InventoryFile } from './schemas/schemas.js';

const FILES_MAX = 2000;

/** Reads one folder, gathering what is wrong with it. */
export interface Folder {
  readonly files: Files;
  readonly directory: string;
  readonly names: readonly string[];
  /** Parts of the inventory are missing: whatever refers to them would be told in vain. */
  readonly found: Diagnostic[];
  /** Names that are declared more than once. */
  readonly twice: Diagnostic[];
}

function problem(folder: Folder, file: string, message: string, mend: string): void {
  const place = { file: posix.join(folder.directory, file), line: 1, column: 1 };
  folder.found.push({ code: 'inventory-invalid', severity: 'error', place, message, mend });
}

/** `devices.yaml`, then the files of `devices.d/`. */
async function filesOf(folder: Folder, kind: InventoryFile): Promise<readonly string[]> {
  const single = `${kind}.yaml`;
  const paths = folder.names.includes(single) ? [single] : [];
  if (folder.names.includes(`${kind}.d`)) {
    const inside = (await folder.files.list(posix.join(folder.directory, `${kind}.d`))) ?? [];
    for (const each of inside) {
      if (each.endsWith('.yaml')) paths.push(`${kind}.d/${each}`);
      else if (!each.startsWith('.')) {
        problem(folder, `${kind}.d/${each}`, 'not a .yaml file', 'rename or remove it');
      }
    }
  }
  if (paths.length > FILES_MAX) {
    problem(folder, `${kind}.d`, `more than ${FILES_MAX} files`, 'join some of them');
  }
  return paths.slice(0, FILES_MAX).map((each) => posix.join(folder.directory, each));
}

async function entriesOf<T>(
  folder: Folder,
  kind: InventoryFile,
  empty?: T,
): Promise<readonly Declared<T>[]> {
  const declared = new Map<string, Declared<T>>();
  const schema = inventorySchemas[kind];
  for (const file of await filesOf(folder, kind)) {
    const document = await loadDocument<Readonly<Record<string, T | null>>>(folder.files, {
      file,
      schema,
      whenEmpty: {},
    });
    folder.found.push(...document.diagnostics);
    for (const [name, entry] of document.ok ? Object.entries(document.value) : []) {
      const value = entry ?? empty;
      const place = document.locateKey([name]);
      const first = declared.get(name);
      if (first) {
        const message = `\`${name}\` is declared twice`;
        const mend = `the first one is in ${first.place.file}:${first.place.line}`;
        folder.twice.push({ code: 'inventory-invalid', severity: 'error', place, message, mend });
      } else if (value !== undefined) {
        const at: Declared<T>['at'] = (...path) => document.locate([name, ...path]);
        declared.set(name, { name, value, place, at });
      }
    }
  }
  return [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listOf<T>(folder: Folder, kind: InventoryFile): Promise<readonly Declared<T>[]> {
  const declared: Declared<T>[] = [];
  const schema = inventorySchemas[kind];
  for (const file of await filesOf(folder, kind)) {
    const source = { file, schema, whenEmpty: [] };
    const document = await loadDocument<readonly T[]>(folder.files, source);
    folder.found.push(...document.diagnostics);
    const entries = document.ok ? document.value : [];
    declared.push(
      ...entries.map((value, index) => ({
        name: String(index + 1),
        value,
        place: document.locate([index]),
        at: (...path: readonly (string | number)[]) => document.locate([index, ...path]),
      })),
    );
  }
  return declared;
}

async function defaultsOf(folder: Folder): Promise<Declared<Settings>> {
  const file = posix.join(folder.directory, 'defaults.yaml');
  const place = { file, line: 1, column: 1 };
  const none: Declared<Settings> = { name: 'defaults', value: {}, place, at: () => place };
  if (!folder.names.includes('defaults.yaml')) return none;
  const schema = inventorySchemas.defaults;
  const document = await loadDocument<Settings>(folder.files, { file, schema, whenEmpty: {} });
  folder.found.push(...document.diagnostics);
  if (!document.ok) return none;
  return { ...none, value: document.value, at: (...path) => document.locate(path) };
}

/** Files that look like part of the inventory but are not: most often a slip in the name. */
function strangers(folder: Folder): void {
  const kinds = Object.keys(inventorySchemas);
  // Notices change nothing that is planned: they are read by a stage of their own.
  const known = [
    ...kinds.flatMap((kind) => [`${kind}.yaml`, `${kind}.d`]),
    'notices.yaml',
    'retention.yaml',
  ];
  for (const file of folder.names) {
    const looksLikeOurs = /\.(ya?ml|d)$/.test(file) && !/^(lab|\.)/.test(file);
    if (!looksLikeOurs || (known.includes(file) && file !== 'defaults.d')) continue;
    const near = suggest(file, known);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    const mend = near === undefined ? `known: ${known.join(', ')}` : `rename it to ${near}`;
    problem(folder, file, `no part of an inventory is called ${file}${hint}`, mend);
  }
}

/** Reads every file of the folder. What is wrong is added to `found`. */
export async function readFolder(folder: Folder): Promise<Declarations> {
  strangers(folder);
  if (!folder.names.includes('devices.yaml') && !folder.names.includes('devices.d')) {
    problem(folder, 'devices.yaml', 'there is no devices.yaml', 'write one, or check the folder');
  }
  return {
    devices: await entriesOf(folder, 'devices'),
    groups: await entriesOf(folder, 'groups', {}),
    sites: await entriesOf(folder, 'sites'),
    units: await entriesOf(folder, 'units', {}),
    links: await listOf(folder, 'links'),
    redundancy: await entriesOf(folder, 'redundancy'),
    attachments: await entriesOf(folder, 'attachments'),
    flows: await entriesOf(folder, 'flows'),
    windows: await entriesOf(folder, 'windows', {}),
    freezes: await entriesOf(folder, 'freezes'),
    images: await entriesOf(folder, 'images'),
    people: await entriesOf(folder, 'people'),
    jumpHosts: await entriesOf(folder, 'jump-hosts'),
    defaults: await defaultsOf(folder),
  };
}
