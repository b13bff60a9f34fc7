import type { Diagnostic, Place } from '../kernel/diagnostic.js';
import { suggest } from '../kernel/suggest.js';

const SUGGESTIONS_MAX = 50;

/** Gathers what is wrong with an inventory. */
export interface Findings {
  readonly all: Diagnostic[];
  readonly report: (place: Place, message: string, mend: string) => void;
  /** Reports `name` unless `known` has it; the nearest known name is suggested. */
  readonly refer: (place: Place, what: string, name: string, known: ReadonlySet<string>) => boolean;
}

export function makeFindings(): Findings {
  const all: Diagnostic[] = [];
  let suggestions = 0;
  const report: Findings['report'] = (place, message, mend) => {
    all.push({ code: 'inventory-invalid', severity: 'error', place, message, mend });
  };
  const refer: Findings['refer'] = (place, what, name, known) => {
    if (known.has(name)) return true;
    suggestions += 1;
    const near = suggestions > SUGGESTIONS_MAX ? undefined : suggest(name, known);
    const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
    const mend =
      near === undefined ? `declare the ${what}, or remove the name` : `write \`${near}\``;
    report(place, `there is no ${what} \`${name}\`${hint}`, mend);
    return false;
  };
  return { all, report, refer };
}
