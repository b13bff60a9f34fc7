import { conditionError } from '../check/condition.js';
import { patternError } from '../inventory/pattern.js';
import type { DocumentPath, ReadDocument } from '../document/document.js';
import { loadDocument } from '../document/document.js';
import type { Checked, Diagnostic } from '../kernel/diagnostic.js';
import { digestOf } from '../kernel/digest.js';
import { parseDurationMs } from '../kernel/duration.js';
import type { Files } from '../ports/files.js';
import { loadPatches, type PatchEntry } from './patch.js';
import type {
  CheckRule,
  ConfigPatch,
  EvidenceDemand,
  Playbook,
  Strategy,
  WaveSize,
} from './playbook.js';
import { playbookSchema } from './schema.js';

interface CheckEntry {
  readonly name: string;
  readonly that: string;
  readonly within?: string;
}

/** A playbook as it stands in its file, once its schema has been held against it. */
interface PlaybookEntry {
  readonly name: string;
  readonly summary: string;
  readonly limit: string;
  readonly change: {
    readonly firmware?: { readonly golden?: true; readonly version?: string };
    readonly config?: readonly PatchEntry[];
  };
  readonly window: string;
  readonly staging?: { readonly window?: string; readonly before?: string };
  readonly strategy?: {
    readonly canary?: { readonly perModel?: number; readonly soak?: string };
    readonly waves?: readonly (string | number)[];
    readonly parallel?: number;
    readonly stopAfter?: { readonly failures: number };
    readonly soak?: string;
  };
  readonly checks?: {
    readonly before?: readonly CheckEntry[];
    readonly after?: readonly CheckEntry[];
  };
  readonly rollback?: 'automatic' | 'hold';
  readonly proof?: 'strict' | 'warn';
  readonly approval?: {
    readonly quorum?: number;
    readonly lab?: 'required' | 'optional';
    readonly evidence?: EvidenceDemand;
    readonly expires?: string;
  };
}

type Read = Extract<ReadDocument<PlaybookEntry>, { ok: true }>;

const CANARY_SOAK = 'PT30M';
const SOAK = 'PT48H';
const APPROVAL_EXPIRES = 'P30D';

function finding(document: Read, path: DocumentPath, message: string, mend: string): Diagnostic {
  return {
    code: 'document-invalid',
    severity: 'error',
    place: document.locate(path),
    message,
    mend,
  };
}

function checkFindings(document: Read, when: 'before' | 'after'): readonly Diagnostic[] {
  const seen = new Map<string, number>();
  return (document.value.checks?.[when] ?? []).flatMap((check, index) => {
    const found: Diagnostic[] = [];
    const at = ['checks', when, index];
    const first = seen.get(check.name);
    if (first === undefined) seen.set(check.name, index);
    else {
      const { line } = document.locate(['checks', when, first, 'name']);
      const message = `the check \`${check.name}\` is there twice`;
      found.push(
        finding(document, [...at, 'name'], message, `the first one is in line ${line}; rename one`),
      );
    }
    const wrong = conditionError(check.that, when);
    if (wrong !== undefined) {
      const names =
        when === 'before' ? '`state`, `flow` and `unit`' : '`before`, `after`, `flow` and `unit`';
      const message = `the condition cannot be used: ${wrong}`;
      found.push(
        finding(
          document,
          [...at, 'that'],
          message,
          `write CEL over ${names} that gives true or false`,
        ),
      );
    }
    return found;
  });
}

function limitFindings(document: Read): readonly Diagnostic[] {
  const wrong = patternError(document.value.limit);
  return wrong ? [finding(document, ['limit'], wrong.message, wrong.mend)] : [];
}

function waveFindings(document: Read): readonly Diagnostic[] {
  const waves = document.value.strategy?.waves ?? [];
  const rest = waves.indexOf('rest');
  if (rest === -1 || rest === waves.length - 1) return [];
  const path = ['strategy', 'waves', rest + 1];
  const message = 'nothing is left for a wave after `rest`';
  return [finding(document, path, message, 'put `rest` last')];
}

function waveSize(wave: string | number): WaveSize {
  if (typeof wave === 'number') return { kind: 'count', count: wave };
  if (wave === 'rest') return { kind: 'rest' };
  return { kind: 'percent', percent: Number(wave.replace('%', '')) };
}

/** The schema has seen to the form. */
function ms(text: string): number {
  return parseDurationMs(text) ?? 0;
}

function strategyOf(entry: PlaybookEntry['strategy'] = {}): Strategy {
  const { canary } = entry;
  const strategy: Strategy = {
    waves: (entry.waves ?? ['rest']).map(waveSize),
    parallel: entry.parallel ?? 10,
    stopAfterFailures: entry.stopAfter?.failures ?? 1,
    soakMs: ms(entry.soak ?? SOAK),
  };
  if (!canary) return strategy;
  const soakMs = ms(canary.soak ?? CANARY_SOAK);
  return { ...strategy, canary: { perModel: canary.perModel ?? 1, soakMs } };
}

function rule(entry: CheckEntry): CheckRule {
  const { name, that, within } = entry;
  return { name, that, withinMs: within === undefined ? 0 : ms(within) };
}

function firmwareOf({ firmware }: PlaybookEntry['change']): Pick<Playbook, 'firmware'> {
  if (!firmware) return {};
  const { version } = firmware;
  return { firmware: version === undefined ? { kind: 'golden' } : { kind: 'version', version } };
}

function approvalOf(entry: PlaybookEntry['approval'] = {}): Playbook['approval'] {
  return {
    quorum: entry.quorum ?? 2,
    lab: entry.lab ?? 'required',
    evidence: entry.evidence ?? 'none',
    expiresMs: ms(entry.expires ?? APPROVAL_EXPIRES),
  };
}

function checksOf(entry: PlaybookEntry['checks'] = {}): Playbook['checks'] {
  return { before: (entry.before ?? []).map(rule), after: (entry.after ?? []).map(rule) };
}

function stagingOf(entry: PlaybookEntry['staging']): Pick<Playbook, 'staging'> {
  if (!entry) return {};
  const { before } = entry;
  return { staging: { ...entry, ...(before === undefined ? {} : { beforeMs: ms(before) }) } };
}

function playbookOf(entry: PlaybookEntry, file: string, config: readonly ConfigPatch[]): Playbook {
  const content: Omit<Playbook, 'file' | 'digest'> = {
    name: entry.name,
    summary: entry.summary,
    limit: entry.limit,
    ...firmwareOf(entry.change),
    config,
    window: entry.window,
    ...stagingOf(entry.staging),
    strategy: strategyOf(entry.strategy),
    checks: checksOf(entry.checks),
    rollback: entry.rollback ?? 'automatic',
    ...(entry.proof === undefined ? {} : { proof: entry.proof }),
    approval: approvalOf(entry.approval),
  };
  return { ...content, file, digest: digestOf(content) };
}

/** Reads a playbook and holds it against its schema and itself. All findings come at once, each with its place. */
export async function loadPlaybook(files: Files, path: string): Promise<Checked<Playbook>> {
  const document = await loadDocument<PlaybookEntry>(files, { file: path, schema: playbookSchema });
  if (!document.ok) return { ok: false, diagnostics: document.diagnostics };
  const diagnostics = [
    ...limitFindings(document),
    ...waveFindings(document),
    ...checkFindings(document, 'before'),
    ...checkFindings(document, 'after'),
  ];
  const { locate, value } = document;
  const patches = await loadPatches(value.change.config ?? [], { files, file: path, locate });
  const all = [...diagnostics, ...patches.diagnostics];
  if (all.length > 0 || !patches.ok) return { ok: false, diagnostics: all };
  return { ok: true, value: playbookOf(value, path, patches.value), diagnostics: [] };
}
