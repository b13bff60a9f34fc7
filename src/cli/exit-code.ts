import { DiagnosticsError } from '../kernel/diagnostic.js';
import { Fault } from '../kernel/fault.js';
import type { FaultCode } from '../kernel/fault-codes.js';

/** What the process says at its end; the meaning of each number is fixed. */
export const exitCodes = {
  done: 0,
  toolError: 1,
  changesPending: 2,
  checkFailed: 3,
  rolledBack: 4,
  partial: 5,
  notApproved: 6,
  outsideWindow: 7,
  locked: 8,
  usage: 64,
  interrupted: 130,
} as const;

type ExitName = keyof typeof exitCodes;

const meanings: Readonly<Record<(typeof exitCodes)[ExitName], string>> = {
  0: 'done, or nothing to do',
  1: 'Nightshift could not do it',
  2: 'there are differences (with --exit-code)',
  3: 'checks failed, nothing was changed; a rehearsal did not pass',
  4: 'units were rolled back',
  5: 'some are done, some are not',
  6: 'not approved, or stale',
  7: 'outside the window (with --no-wait)',
  8: 'another process has the state directory, or the run',
  64: 'the command line cannot be understood',
  130: 'interrupted; a run comes to a safe point first',
};

export interface ExitCodePage {
  readonly exitCode: number;
  readonly meaning: string;
  /** The error codes that end with it, where it is not 1: that is every other one. */
  readonly faults: readonly FaultCode[];
}

/** Every exit code with what it means. */
export function exitCodePages(codes: readonly FaultCode[]): readonly ExitCodePage[] {
  return Object.values(exitCodes).map((exitCode) => {
    const faults = codes.filter((each) => exitCodeOfFault(each) === exitCode);
    const meaning = meanings[exitCode];
    return { exitCode, meaning, faults: exitCode === exitCodes.toolError ? [] : faults };
  });
}

const byFault: Partial<Record<FaultCode, ExitName>> = {
  usage: 'usage',
  'pattern-invalid': 'usage',
  'plan-stale': 'notApproved',
  'plan-tampered': 'notApproved',
  'not-approved': 'notApproved',
  'lab-evidence-missing': 'notApproved',
  'evidence-missing': 'notApproved',
  'signature-invalid': 'notApproved',
  'outside-window': 'outsideWindow',
  'state-locked': 'locked',
};

/** The exit code of a fault: 1 unless its code has one of its own. */
export function exitCodeOfFault(code: FaultCode): number {
  return exitCodes[byFault[code] ?? 'toolError'];
}

/** The exit code of anything thrown. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof Fault) return exitCodeOfFault(thrown.code);
  if (thrown instanceof DiagnosticsError) {
    return exitCodeOfFault(thrown.diagnostics[0]?.code ?? 'document-invalid');
  }
  return exitCodes.toolError;
}
