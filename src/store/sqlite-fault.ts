import { Fault, messageOf } from '../kernel/fault.js';
import type { FaultCode } from '../kernel/fault-codes.js';
import { errorCodeOf } from './private-file.js';

/** What was tried when SQLite or the file system refused. */
export interface Attempt {
  readonly doing: 'read' | 'write';
  readonly file: string;
}

const unwritableMend =
  'Make room on that disk or mend the rights; a run that it stopped goes on with `nightshift resume last --reason "..."`.';

/** SQLite's and the file system's error, as the Fault of the state directory; anything else unchanged. */
export function stateFault(thrown: unknown, { doing, file }: Attempt): unknown {
  const errorCode = codeOf(thrown);
  if (errorCode === undefined) return thrown;
  const detail = `${file}: ${messageOf(thrown)} (${errorCode})`;
  if (isBusy(thrown)) {
    return new Fault('state-locked', `${detail}: another process keeps it busy`, {
      retry: 'safe',
      cause: thrown,
    });
  }
  const code = faultCodeOf(errorCode, doing);
  if (code !== 'state-unwritable') return new Fault(code, detail, { cause: thrown });
  return new Fault(code, detail, { cause: thrown, mend: unwritableMend });
}

/** Did another connection keep the file locked longer than the time to wait? */
export function isBusy(thrown: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(codeOf(thrown) ?? '');
}

const damaged = /^SQLITE_(CORRUPT|NOTADB|FORMAT|SCHEMA|ERROR|MISMATCH|CONSTRAINT|EMPTY)/;

function faultCodeOf(errorCode: string, doing: Attempt['doing']): FaultCode {
  if (damaged.test(errorCode)) return 'state-unreadable';
  if (errorCode === 'SQLITE_FULL') return 'state-unwritable';
  return doing === 'write' ? 'state-unwritable' : 'state-unreadable';
}

/** `SQLITE_...` or `E...`; undefined for what neither SQLite nor the file system threw. */
function codeOf(thrown: unknown): string | undefined {
  const code = errorCodeOf(thrown);
  return code !== undefined && /^(SQLITE_|E[A-Z0-9]+$)/.test(code) ? code : undefined;
}
