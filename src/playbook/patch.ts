import { posix } from 'node:path';
import type { DocumentPath } from '../document/document.js';
import type { Checked, Diagnostic, Place } from '../kernel/diagnostic.js';
import { Fault } from '../kernel/fault.js';
import type { Json } from '../kernel/json.js';
import type { Files } from '../ports/files.js';
import type { ConfigPatch, PatchTemplate } from './playbook.js';
import { parseTemplate } from './template.js';

/** A patch as it stands in the playbook's file. */
export interface PatchEntry {
  readonly patch: string | Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, Json>>;
}

interface Beside {
  readonly files: Files;
  /** The playbook. */
  readonly file: string;
  readonly locate: (path: DocumentPath) => Place;
}

type Named = Omit<PatchTemplate, 'text'> & { readonly path: DocumentPath };

const TEMPLATE_BYTES_MAX = 256 * 1024;

function namedIn(entry: PatchEntry, index: number): readonly Named[] {
  const path = ['change', 'config', index, 'patch'];
  if (typeof entry.patch === 'string') return [{ file: entry.patch, path }];
  return Object.entries(entry.patch).map(([platform, file]) => ({
    platform,
    file,
    path: [...path, platform],
  }));
}

function wrong(place: Place, message: string, mend: string): Diagnostic {
  return { code: 'document-invalid', severity: 'error', place, message, mend };
}

async function textOf(path: string, files: Files): Promise<string | Fault> {
  try {
    const text = await files.readText(path, TEMPLATE_BYTES_MAX);
    return text ?? new Fault('document-unreadable', `there is no file ${path}`);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
}

async function readTemplate(
  { path, ...named }: Named,
  beside: Beside,
): Promise<Checked<PatchTemplate>> {
  const place = beside.locate(path);
  const fail = (...diagnostics: Diagnostic[]) => ({ ok: false, diagnostics }) as const;
  if (named.file.split('/').includes('..')) {
    const mend = 'keep patches beside the playbook or in folders below it';
    return fail(wrong(place, `${named.file} leaves the folder of the playbook`, mend));
  }
  const file = posix.join(posix.dirname(beside.file), named.file);
  const text = await textOf(file, beside.files);
  if (text instanceof Fault) {
    return fail(wrong(place, text.message, 'write the file, or correct the name'));
  }
  const parsed = parseTemplate(text);
  if (parsed.ok) return { ok: true, value: { ...named, text }, diagnostics: [] };
  return fail(
    ...parsed.findings.map(({ line, why, mend }) => wrong({ file, line, column: 1 }, why, mend)),
  );
}

/** Reads every template that the patches name; all findings at once, each with its place. */
export async function loadPatches(
  entries: readonly PatchEntry[],
  beside: Beside,
): Promise<Checked<readonly ConfigPatch[]>> {
  const read = await Promise.all(
    entries.map(async (entry, index) => {
      const named = namedIn(entry, index);
      return Promise.all(named.map((each) => readTemplate(each, beside)));
    }),
  );
  const diagnostics = read.flat().flatMap((each) => (each.ok ? [] : each.diagnostics));
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const value = entries.map((entry, index): ConfigPatch => {
    const templates = (read[index] ?? []).flatMap((each) => (each.ok ? [each.value] : []));
    const name = [...new Set(templates.map((each) => each.file))].join(', ');
    return { name, templates, vars: entry.vars ?? {} };
  });
  return { ok: true, value, diagnostics: [] };
}
