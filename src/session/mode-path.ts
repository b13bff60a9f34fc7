import type { Dialect, ModeMove } from './dialect.js';

/** The shortest way through the dialect's moves; undefined if there is none. */
export function modePath(
  dialect: Dialect,
  from: string,
  to: string,
): readonly ModeMove[] | undefined {
  const paths = new Map<string, readonly ModeMove[]>([[from, []]]);
  for (const [mode, path] of paths) {
    if (mode === to) return path;
    for (const move of dialect.moves) {
      if (move.from === mode && !paths.has(move.to)) paths.set(move.to, [...path, move]);
    }
  }
  return undefined;
}
