const NAMED = /\bflow\s*\.\s*loss\s*\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\]/g;
const STRINGS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/** The flows whose loss a condition asks for. `all`: it speaks of flows otherwise than one by one. */
export function flowsIn(that: string): {
  readonly names: readonly string[];
  readonly all: boolean;
} {
  const names = [...that.matchAll(NAMED)].map(([, double, single]) => double ?? single ?? '');
  const rest = that.replaceAll(NAMED, ' ').replaceAll(STRINGS, ' ');
  return { names: [...new Set(names)], all: /(?<![.\w])flow\b/.test(rest) };
}
