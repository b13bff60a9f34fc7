import { takeSlot, type Applying } from './applying.js';
import { dropEmptyTables, isTable, readBlockLines, walkBlocks, type BlockLine } from './blocks.js';
import { detach, findChild, makeDraft, placeChild, type Draft } from './draft.js';
import { isListedWhenOff, joinPath, slotOf } from './slot.js';

/** Types the lines into the draft. */
export function applyBlocks(root: Draft, lines: readonly string[], applying: Applying): void {
  const { findings } = applying;
  const stack = { open: [root], findings };
  for (const each of readBlockLines(lines, findings)) {
    if (walkBlocks(stack, each)) continue;
    const top = stack.open.at(-1);
    if (!top || top === root) findings.add(each.line, 'the statement stands in no section');
    else if (!type(top, each, applying)) {
      const what = (each.words[0] ?? '').slice(0, 40);
      findings.add(each.line, `what "${what}" does here cannot be worked out`);
    }
  }
  if (stack.open.length > 1) {
    findings.add(lines.length, 'a section is not closed: next or end is missing');
  }
  dropEmptyTables(root);
}

type Verb = (section: Draft, typed: BlockLine, applying: Applying) => void;

const everywhere: Readonly<Record<string, Verb>> = { set: put, append: put, unset };
const inTables: Readonly<Record<string, Verb>> = { delete: remove, move, purge };

/** False: this line cannot stand here. */
function type(section: Draft, typed: BlockLine, applying: Applying): boolean {
  const [name = '', key] = typed.words;
  const verbs = isTable(section) ? { ...everywhere, ...inTables } : everywhere;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb || (key === undefined && verb !== purge)) return false;
  verb(section, typed, applying);
  return true;
}

function purge(section: Draft): void {
  while (section.first) detach(section.first);
}

/** The path of a section, as rules see it. */
function pathOf(section: Draft): string {
  return section.parent ? joinPath(pathOf(section.parent), section.text) : '';
}

function holderOf(section: Draft, text: string, { rules, slots }: Applying): Draft | undefined {
  return slots.find(section, '', slotOf(rules, '', text));
}

function put(section: Draft, { words, line }: BlockLine, applying: Applying): void {
  const [verb, key = '', ...values] = words;
  const old = verb === 'append' ? holderOf(section, `set ${key}`, applying) : undefined;
  const start = old?.text.startsWith('set ') ? old.text : `set ${key}`;
  const there = new Set(start.split(' ').slice(2));
  const more = verb === 'append' ? values.filter((each) => !there.has(each)) : values;
  const text = [start, ...more].join(' ');
  if (findChild(section, text)) return;
  const made = makeDraft(text, line);
  takeSlot(applying, section, '', made);
  placeChild(section, made);
}

function unset(section: Draft, { words, line }: BlockLine, applying: Applying): void {
  const [, key = ''] = words;
  const text = `unset ${key}`;
  const holder = holderOf(section, text, applying);
  if (holder?.text === text) return;
  if (holder) detach(holder);
  if (
    applying.listedOff.has(text) ||
    isListedWhenOff(applying.rules, joinPath(pathOf(section), key))
  ) {
    const made = makeDraft(text, line);
    takeSlot(applying, section, '', made);
    placeChild(section, made);
  } else if (!holder) applying.idle.push(line);
}

function remove(section: Draft, { words, line }: BlockLine, applying: Applying): void {
  for (const name of words.slice(1)) {
    const found = findChild(section, `edit ${name}`);
    if (found) detach(found);
    else applying.idle.push(line);
  }
}

function move(section: Draft, { words, line }: BlockLine, { findings, idle }: Applying): void {
  const [, name = '', where = '', other = ''] = words;
  const moved = findChild(section, `edit ${name}`);
  const anchor = findChild(section, `edit ${other}`);
  if (!['before', 'after'].includes(where) || words.length !== 4) {
    findings.add(line, 'move wants: move name before|after other');
  } else if (!moved || !anchor) findings.add(line, 'move names what is not there');
  else if (moved === anchor) idle.push(line);
  else {
    detach(moved);
    placeChild(section, moved, where === 'before' ? anchor : anchor.next);
  }
}
