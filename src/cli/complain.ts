import { DiagnosticsError, type Diagnostic } from '../kernel/diagnostic.js';
import { Fault, messageOf } from '../kernel/fault.js';
import type { Paint } from './paint.js';
import { visible } from './visible.js';

/** What went wrong, as a record; `code` as in `nightshift explain`, or `bug`. */
export interface Failure {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly mend?: string;
  readonly findings: readonly Diagnostic[];
}

function findingLines(found: Diagnostic, paint: Paint): readonly string[] {
  const { place, severity } = found;
  const at = place ? `${visible(place.file)}:${place.line}:${place.column}: ` : '';
  const colour = severity === 'error' ? paint.bad : paint.warn;
  const head = `${at}${colour(`${severity}[${found.code}]:`)} ${visible(found.message)}`;
  return found.mend === undefined ? [head] : [head, `  mend: ${visible(found.mend)}`];
}

function explained(codes: readonly string[]): string {
  return `  more: nightshift explain ${codes.join(' | ')}`;
}

/** What a person is told of anything thrown. Never a stack: that is for the log. */
export function complaint(thrown: unknown, paint: Paint, logFile?: string): readonly string[] {
  if (thrown instanceof DiagnosticsError) {
    const codes = [...new Set(thrown.diagnostics.map((each) => each.code))];
    return [...thrown.diagnostics.flatMap((each) => findingLines(each, paint)), explained(codes)];
  }
  if (thrown instanceof Fault) {
    const mend = thrown.mend === undefined ? [] : [`  mend: ${visible(thrown.mend)}`];
    const head = `${paint.bad(`error[${thrown.code}]:`)} ${visible(thrown.message)}`;
    return [head, ...mend, explained([thrown.code])];
  }
  const [first = ''] = messageOf(thrown).split('\n');
  const where = logFile === undefined ? '' : `; the details are in ${logFile}`;
  return [`${paint.bad('error:')} Nightshift itself failed: ${visible(first)}${where}`];
}

/** Is it a bug of ours rather than something that a person or a device did? */
export function isBug(thrown: unknown): boolean {
  return !(thrown instanceof Fault) && !(thrown instanceof DiagnosticsError);
}

/** The same for machines. */
export function failureOf(thrown: unknown, exitCode: number): Failure {
  if (thrown instanceof DiagnosticsError) {
    const [first] = thrown.diagnostics;
    const message = first?.message ?? '';
    return { exitCode, code: first?.code ?? '', message, findings: thrown.diagnostics };
  }
  if (thrown instanceof Fault) {
    const { code, message, mend } = thrown;
    return { exitCode, code, message, ...(mend === undefined ? {} : { mend }), findings: [] };
  }
  const [first = ''] = messageOf(thrown).split('\n');
  return { exitCode, code: 'bug', message: `Nightshift itself failed: ${first}`, findings: [] };
}
