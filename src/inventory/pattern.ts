import { Fault } from '../kernel/fault.js';
import { suggest } from '../kernel/suggest.js';
import type { Inventory, Unit } from './inventory.js';
import { globTest, regexError, regexTest } from './word.js';

const PATTERN_CHARACTERS_MAX = 2000;
const TERMS_MAX = 200;
const MEND = 'for example `access:&site_ams:!sw7`, `core[0:2]`, `dist*` or `~acc-(ams|lon)-[0-9]+`';
const SUBSCRIPT = /^(.+)\[(?:(-?\d{1,6})|(\d{1,6})[:-](\d{0,6}))\]$/;

type Role = 'union' | 'intersection' | 'exclusion';

/** Which of the units that a word selects: from and to, both counted from 0 and both in it. */
interface Range {
  readonly from: number;
  readonly to: number;
}

interface Term {
  readonly role: Role;
  readonly word: string;
  readonly range?: Range;
}

function refuse(message: string, mend = MEND): never {
  throw new Fault('pattern-invalid', message, { mend });
}

/** Splits at `:` and `,` that stand in no brackets and after no backslash. */
function split(pattern: string): readonly string[] {
  const pieces: string[] = [];
  let [depth, piece] = [0, ''];
  for (const [character] of pattern.matchAll(/\\?[^]/g)) {
    if (depth === 0 && (character === ':' || character === ',')) {
      pieces.push(piece);
      piece = '';
      continue;
    }
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    piece += character;
  }
  if (depth !== 0) refuse(`\`${pattern}\`: a bracket is not closed`);
  return [...pieces, piece].map((each) => each.trim());
}

function rangeOf(piece: string, match: RegExpExecArray): Range {
  const [, , single, from = '0', to] = match;
  if (single !== undefined) return { from: Number(single), to: Number(single) };
  const end = to === '' || to === undefined ? Number.MAX_SAFE_INTEGER : Number(to);
  if (end < Number(from)) refuse(`\`${piece}\`: the range ends before it begins`);
  return { from: Number(from), to: end };
}

const roles: ReadonlyMap<string, Role> = new Map([
  ['&', 'intersection'],
  ['!', 'exclusion'],
]);

function checkRegex(text: string): void {
  const wrong = text.length > 1 ? regexError(text.slice(1)) : 'is empty';
  if (wrong !== undefined) refuse(`\`${text}\`: the regular expression ${wrong}`);
}

function termOf(piece: string): Term {
  const role = roles.get(piece.charAt(0)) ?? 'union';
  const text = role === 'union' ? piece : piece.slice(1).trim();
  if (text === '') refuse(`a name is missing${piece === '' ? '' : ` after \`${piece}\``}`);
  if (text.startsWith('~')) {
    checkRegex(text);
    return { role, word: text };
  }
  const match = SUBSCRIPT.exec(text);
  const word = match?.[1] ?? text;
  if (!/^[A-Za-z0-9._*?[\]!-]+$/.test(word)) refuse(`\`${text}\` cannot be read as a name`);
  return match ? { role, word, range: rangeOf(text, match) } : { role, word };
}

function parse(pattern: string): readonly Term[] {
  if (pattern.length > PATTERN_CHARACTERS_MAX) {
    refuse(`the pattern is longer than ${PATTERN_CHARACTERS_MAX} characters`);
  }
  const terms = split(pattern).map(termOf);
  if (terms.length > TERMS_MAX) refuse(`the pattern has more than ${TERMS_MAX} terms`);
  return terms;
}

/** The names by which each unit can be selected, and names that select none but are right. */
interface Names {
  readonly byName: ReadonlyMap<string, ReadonlySet<Unit>>;
  readonly all: readonly Unit[];
}

function namesOf(inventory: Inventory): Names {
  const byName = new Map<string, Set<Unit>>();
  const add = (name: string, unit: Unit) => {
    const units = byName.get(name);
    if (units) units.add(unit);
    else byName.set(name, new Set([unit]));
  };
  for (const group of inventory.groups) byName.set(group.name, new Set());
  for (const site of inventory.sites) byName.set(`site_${site.name}`, new Set());
  for (const unit of inventory.units) {
    const { device } = unit;
    add(unit.id, unit);
    add(device.id, unit);
    for (const group of device.groups) add(group, unit);
    add(`site_${device.site}`, unit);
    if (device.platform !== undefined) add(`platform_${device.platform}`, unit);
    if (device.role !== undefined) add(`role_${device.role}`, unit);
  }
  return { byName, all: inventory.units };
}

function unitsOfWord(word: string, names: Names): ReadonlySet<Unit> {
  if (word === 'all' || word === '*') return new Set(names.all);
  const known = names.byName.get(word);
  if (known) return known;
  if (!word.startsWith('~') && !/[*?[]/.test(word)) {
    const near = suggest(word, names.byName.keys());
    const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
    refuse(
      `nothing in the inventory is called \`${word}\`${hint}`,
      near === undefined
        ? 'names, groups, site_NAME, platform_ID and role_NAME can stand here'
        : `write \`${near}\``,
    );
  }
  const test = word.startsWith('~') ? regexTest(word.slice(1)) : globTest(word);
  const found = [...names.byName].filter(([name]) => test(name)).flatMap(([, units]) => [...units]);
  return new Set(found);
}

function unitsOfTerm(term: Term, names: Names): ReadonlySet<Unit> {
  const units = unitsOfWord(term.word, names);
  if (!term.range) return units;
  const { from, to } = term.range;
  const sorted = names.all.filter((unit) => units.has(unit));
  const taken = from < 0 ? sorted.slice(from).slice(0, 1) : sorted.slice(from, to + 1);
  if (taken.length === 0 || from < -sorted.length) {
    refuse(`\`${term.word}\` has ${sorted.length} units: none at ${from}`);
  }
  return new Set(taken);
}

/** What is wrong with the form of a pattern, whatever the inventory; undefined when it can be read. */
export function patternError(pattern: string): { message: string; mend: string } | undefined {
  try {
    parse(pattern);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Fault) return { message: thrown.message, mend: thrown.mend ?? MEND };
    throw thrown;
  }
}

/**
 * The units that a host pattern selects, in the order of names. As in Ansible: all unions first (without any, all
 * units), then the intersections, then the exclusions, wherever they stand. Fault `pattern-invalid` for a pattern that
 * cannot be read and for a name that nothing has.
 */
export function selectUnits(inventory: Inventory, pattern: string): readonly Unit[] {
  const terms = parse(pattern);
  const names = namesOf(inventory);
  const sets = (role: Role) =>
    terms.filter((term) => term.role === role).map((term) => unitsOfTerm(term, names));
  const unions = sets('union');
  const intersections = sets('intersection');
  const exclusions = sets('exclusion');
  return names.all.filter(
    (unit) =>
      (unions.length === 0 || unions.some((set) => set.has(unit))) &&
      intersections.every((set) => set.has(unit)) &&
      !exclusions.some((set) => set.has(unit)),
  );
}
