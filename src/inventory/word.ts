/** Tests a name against a glob or a ~regex. */
export type WordTest = (name: string) => boolean;

const REGEX_CHARACTERS_MAX = 100;
const REPEATS_MAX = 4;
const ALTERNATIVES_MAX = 10;

/** One position of a glob: a star, or what a single character must be. */
type GlobPart = '*' | ((character: string) => boolean);

function classOf(inside: string): (character: string) => boolean {
  const negated = inside.startsWith('!');
  const text = negated ? inside.slice(1) : inside;
  const ranges = [...text.matchAll(/(.)-(.)|(.)/g)].map(
    ([, from, to, one]) => [from ?? one ?? '', to ?? one ?? ''] as const,
  );
  return (character) =>
    ranges.some(([from, to]) => from <= character && character <= to) !== negated;
}

function globParts(glob: string): readonly GlobPart[] {
  const pieces = glob.match(/\[!?[^\]]+\]|\*+|[^]/g) ?? [];
  return pieces.map((piece): GlobPart => {
    if (piece.startsWith('*')) return '*';
    if (piece === '?') return () => true;
    if (piece.length > 1 && piece.startsWith('[')) return classOf(piece.slice(1, -1));
    return (character) => character === piece;
  });
}

/** The steps are bounded by the length of the name times that of the glob: only the last star is ever reconsidered. */
export function globTest(glob: string): WordTest {
  const parts = globParts(glob);
  return (name) => {
    let [at, part, star, starAt] = [0, 0, -1, 0];
    while (at < name.length) {
      const wanted = parts[part];
      if (wanted === '*') {
        [star, starAt] = [part, at];
        part += 1;
      } else if (wanted?.(name[at] ?? '')) {
        at += 1;
        part += 1;
      } else if (star >= 0) {
        starAt += 1;
        [at, part] = [starAt, star + 1];
      } else return false;
    }
    return parts.slice(part).every((each) => each === '*');
  };
}

/** Why a regular expression is not taken: what could take forever, and what does not compile. */
export function regexError(source: string): string | undefined {
  if (source.length > REGEX_CHARACTERS_MAX) return `is longer than ${REGEX_CHARACTERS_MAX}`;
  const plain = source.replaceAll(/\\[^]/g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  if (/\\[1-9k]/.test(source)) return 'refers back to a group';
  if (/\(\?[=!<]/.test(plain)) return 'looks ahead or behind';
  if ((plain.match(/(?<!\()[*+?{]/g) ?? []).length > REPEATS_MAX) {
    return `has more than ${REPEATS_MAX} repeats`;
  }
  if ((plain.match(/\|/g) ?? []).length > ALTERNATIVES_MAX) {
    return `has more than ${ALTERNATIVES_MAX} alternatives`;
  }
  if (/\)[*+{]/.test(plain)) return 'repeats a group';
  try {
    RegExp(source, 'u');
    return undefined;
  } catch {
    return 'is not a regular expression';
  }
}

/** Matches from the beginning of a name, as Ansible does. */
export function regexTest(source: string): WordTest {
  const regex = new RegExp(`^(?:${source})`, 'u');
  return (name) => regex.test(name);
}
