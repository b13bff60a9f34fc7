import type { FaultCode } from './fault-codes.js';

/** Where in a document: 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One finding in a document a person wrote. All findings of a document are reported together. */
export interface Diagnostic {
  readonly code: FaultCode;
  readonly severity: 'error' | 'warning';
  readonly place?: Place;
  /** What is wrong. */
  readonly message: string;
  /** How to mend it. */
  readonly mend?: string;
}

/** `file:line:column: error: message (mend)`, the form that editors and people can follow. */
export function formatDiagnostic(found: Diagnostic): string {
  const at = found.place ? `${found.place.file}:${found.place.line}:${found.place.column}: ` : '';
  const mend = found.mend ? `\n    mend: ${found.mend}` : '';
  return `${at}${found.severity}[${found.code}]: ${found.message}${mend}`;
}

/** A value, or the findings that prevent it. Warnings may come with a value. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Carries diagnostics through code that can only throw. */
export class DiagnosticsError extends Error {
  override readonly name = 'DiagnosticsError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** The value, or a DiagnosticsError with all findings. */
export function valueOrThrow<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new DiagnosticsError(checked.diagnostics);
  return checked.value;
}
