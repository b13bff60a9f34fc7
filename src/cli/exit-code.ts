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
