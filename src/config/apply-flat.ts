import type { Applying } from './applying.js';
import { detach, findChild, obtainChild, placeChild, type Draft } from './draft.js';
import { configLimits } from './finding.js';
import { findPath, isMark, marks, prune, setMark, spread } from './flat.js';
import { flatWords } from './set-lines.js';
import { isOrdered, joinPath, slotOf } from './slot.js';

/** Where typed paths begin: changed by `edit`, `up`, `top`. */
interface Standing {
  readonly root: Draft;
  at: readonly string[];
}

interface Typed {
  readonly words: readonly string[];
  readonly line: number;
}

/** Types the lines into the draft. */
export function applyFlat(root: Draft, lines: readonly string[], applying: Applying): void {
  const standing: Standing = { root, at: [] };
  for (const [at, raw] of lines.entries()) {
    const text = raw.trim();
    if (text === '' || text.startsWith('#') || text.startsWith('!')) continue;
    if (goUp(standing, text)) continue;
    const words = flatWords(text, at + 1, applying.findings);
    if (words) typeLine(standing, { words, line: at + 1 }, applying);
  }
}

function goUp(standing: Standing, text: string): boolean {
  if (text === 'top') standing.at = [];
  else if (text === 'up' || text === 'exit') standing.at = standing.at.slice(0, -1);
  else return false;
  return true;
}

function typeLine(standing: Standing, typed: Typed, applying: Applying): void {
  const [verb = '', ...rest] = typed.words;
  const words = [...standing.at, ...rest];
  if (words.length > configLimits.depth) {
    return applying.findings.add(typed.line, 'the statement is nested too deep');
  }
  if (verb === 'edit') {
    standing.at = words;
    return;
  }
  if (verb === 'insert') return insert(standing.root, { ...typed, words }, applying);
  for (const path of spread(words) ?? []) {
    if (!change(standing.root, verb, { words: path, line: typed.line }, applying)) {
      return applying.findings.add(
        typed.line,
        `what "${verb.slice(0, 40)}" does cannot be worked out`,
      );
    }
  }
}

/** False: the verb is not known. */
function change(root: Draft, verb: string, typed: Typed, applying: Applying): boolean {
  const mark = marks.find((each) => each.set === verb || each.take === verb);
  if (verb === 'set') set(root, typed, applying);
  else if (verb === 'delete') remove(root, typed, applying);
  else if (mark) {
    const found = findPath(root, typed.words);
    const marked = found && findChild(found, mark.mark);
    if (found && mark.set === verb) setMark(found, mark.mark, typed.line);
    else if (marked) detach(marked);
    else applying.idle.push(typed.line);
  } else return false;
  return true;
}

function remove(root: Draft, { words, line }: Typed, applying: Applying): void {
  const found = findPath(root, words);
  if (found) prune(found, (each) => isEntry(each, applying));
  else applying.idle.push(line);
}

/** Is this one of the statements of an ordered section? */
function isEntry(draft: Draft, { rules }: Applying): boolean {
  return draft.parent !== undefined && isOrdered(rules, pathOf(draft.parent));
}

function pathOf(draft: Draft): string {
  return draft.parent ? joinPath(pathOf(draft.parent), draft.text) : '';
}

/** Makes the words below the draft; a word that takes the place of another one takes it out. */
function set(root: Draft, { words, line }: Typed, applying: Applying): void {
  let at = root;
  let path = '';
  for (const word of words) {
    const found = findChild(at, word);
    if (!found) replace(at, path, word, applying);
    at = found ?? obtainChild(at, word, line);
    path = joinPath(path, word);
  }
}

function replace(section: Draft, path: string, word: string, { rules }: Applying): void {
  const slot = slotOf(rules, path, word);
  if (slot === word) return;
  for (let at = section.first; at;) {
    const following: Draft | undefined = at.next;
    if (!isMark(at.text) && slotOf(rules, path, at.text) === slot) detach(at);
    at = following;
  }
}

/** `insert PATH name before|after [word] other`. */
function insert(root: Draft, { words, line }: Typed, { findings, idle }: Applying): void {
  const where = [words.length - 2, words.length - 3].find((at) => isWhere(words[at]));
  if (where === undefined || where < 2) {
    return findings.add(line, 'insert wants: insert PATH name before|after other');
  }
  const section = findPath(root, words.slice(0, where - 1));
  if (!section) return findings.add(line, 'insert names what is not there');
  const moved = findChild(section, words[where - 1] ?? '');
  const other = findChild(section, words.at(-1) ?? '');
  if (!moved || !other) return findings.add(line, 'insert names what is not there');
  if (moved === other) return void idle.push(line);
  detach(moved);
  placeChild(section, moved, words[where] === 'before' ? other : other.next);
}

function isWhere(word: string | undefined): boolean {
  return word === 'before' || word === 'after';
}
