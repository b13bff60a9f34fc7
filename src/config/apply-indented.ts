import { takeSlot, type Applying } from './applying.js';
import { detach, findChild, makeDraft, placeChild, type Draft } from './draft.js';
import { isRepeatable, sequenceOf, unnumbered } from './entry.js';
import { configLimits } from './finding.js';
import { LEAVING } from './indented.js';
import { isListedWhenOff, isOrdered, isSection, joinPath, slotOf } from './slot.js';
import { readStatements, type Statement } from './statement.js';

/** A section that lines are typed in. */
interface Frame {
  readonly draft: Draft;
  readonly path: string;
  readonly indent: number;
  /** Its lines stand below it without indentation: only `exit`, or a section beside it, leaves it. */
  readonly flat: boolean;
}

/** Names many sections at once: which ones, only the device knows. */
const SPREADING = /^(?:no |default )?interface range /;

/** Types the lines into the draft. */
export function applyIndented(root: Draft, lines: readonly string[], applying: Applying): void {
  const statements = readStatements(lines, applying.findings);
  const frames: Frame[] = [{ draft: root, path: '', indent: -1, flat: false }];
  for (const [at, each] of statements.entries()) {
    const following = statements[at + 1];
    if (LEAVING.test(each.text)) leave(frames, each, following, applying);
    else if (applying.rules.forbidden.some((rule) => rule.test(each.text))) {
      applying.findings.add(
        each.line,
        `"${each.text.slice(0, 40)}" is no statement of a configuration`,
      );
    } else if (SPREADING.test(each.text)) {
      applying.findings.add(each.line, 'a range of interfaces: write a section for each of them');
    } else type(frames, each, following, applying);
  }
}

function leave(
  frames: Frame[],
  { text, indent, line }: Statement,
  following: Statement | undefined,
  { findings }: Applying,
): void {
  const top = frames.at(-1);
  if (text === 'end') {
    if (following) findings.add(line, 'end leaves configuration mode: nothing can follow it');
    return;
  }
  if (!top || frames.length === 1) {
    // `exit-address-family` below a section that its indentation has left already says nothing.
    if (text === 'exit') findings.add(line, 'exit leaves no section that is known here');
  } else if (top.flat || indent > top.indent || text === 'exit') frames.pop();
}

function type(
  frames: Frame[],
  statement: Statement,
  following: Statement | undefined,
  applying: Applying,
): void {
  const frame = frameFor(frames, statement, applying);
  if (!frame) return;
  const draft = enter(frame, statement, applying);
  if (!draft) return;
  const { text, indent, line } = statement;
  const path = joinPath(frame.path, text);
  const indented = following !== undefined && following.indent > indent;
  const isLeft = following?.text === 'exit' && frames.length === 1;
  if (!indented && !isLeft && !opens(draft, path, applying)) return;
  if (frames.length > configLimits.depth)
    applying.findings.add(line, 'sections are nested too deep');
  else frames.push({ draft, path, indent, flat: !indented });
}

/** Is this a section, even when nothing is indented below it? */
function opens(draft: Draft, path: string, { rules }: Applying): boolean {
  return draft.first !== undefined || isSection(rules, path);
}

/** The section that the statement is typed in. */
function frameFor(frames: Frame[], statement: Statement, applying: Applying): Frame | undefined {
  for (;;) {
    const top = frames.at(-1);
    if (!top || frames.length === 1) return top;
    if (top.flat) {
      const above = frames.at(-2);
      const sibling =
        statement.indent < top.indent || (above && isBeside(above, top, statement, applying));
      if (!sibling) return top;
    } else if (statement.indent > top.indent) return top;
    frames.pop();
  }
}

/** Is this a section of the one above, which a device then enters from within the flat one? */
function isBeside(above: Frame, top: Frame, { text }: Statement, { rules }: Applying): boolean {
  if (isSection(rules, joinPath(top.path, text)) || findChild(top.draft, text)) return false;
  return (
    isSection(rules, joinPath(above.path, text)) ||
    findChild(above.draft, text)?.first !== undefined
  );
}

/** The statement that was made or entered; undefined: it took something away. */
function enter(frame: Frame, statement: Statement, applying: Applying): Draft | undefined {
  const { text } = statement;
  if (text.startsWith('no ')) return takeBack(frame, statement, text.slice(3), applying);
  if (text.startsWith('default ')) return reset(frame, statement, applying);
  const found = findChild(frame.draft, text);
  const ordered = isOrdered(applying.rules, frame.path);
  if (found && !(ordered && isRepeatable(text) && sequenceOf(text) === undefined)) return found;
  if (ordered) return placeEntry(frame.draft, statement);
  const made = makeDraft(text, statement.line);
  takeSlot(applying, frame.draft, frame.path, made);
  placeChild(frame.draft, made);
  return made;
}

/** Puts an entry where its number says, or last; what has none gets one behind numbered entries. */
function placeEntry(section: Draft, { text, line }: Statement): Draft {
  const last = section.last ? sequenceOf(section.last.text) : undefined;
  const number = sequenceOf(text);
  if (number === undefined) {
    const made = makeDraft(last === undefined ? text : `${last + 10} ${text}`, line);
    placeChild(section, made);
    return made;
  }
  let next: Draft | undefined;
  for (let at = section.last; at; at = at.previous) {
    const other = sequenceOf(at.text);
    if (other === undefined || other < number) break;
    next = at;
    if (other === number) {
      next = at.next;
      detach(at);
      break;
    }
  }
  const made = makeDraft(text, line);
  placeChild(section, made, next);
  return made;
}

/** The statements that `no NAME` speaks of. */
function namedBy(frame: Frame, name: string, applying: Applying): Draft[] {
  const exact = findChild(frame.draft, name);
  if (exact) return [exact];
  const holder = applying.slots.find(
    frame.draft,
    frame.path,
    slotOf(applying.rules, frame.path, name),
  );
  if (holder && !holder.text.startsWith('no ')) return [holder];
  const named: Draft[] = [];
  const ordered = isOrdered(applying.rules, frame.path);
  for (let at = frame.draft.first; at; at = at.next) {
    if (at.text.startsWith(`${name} `) || (ordered && unnumbered(at.text) === name)) named.push(at);
  }
  return named;
}

function takeBack(frame: Frame, statement: Statement, name: string, applying: Applying): undefined {
  const named = namedBy(frame, name, applying);
  const listed = findChild(frame.draft, statement.text);
  for (const each of named) detach(each);
  const isListed =
    applying.listedOff.has(statement.text) ||
    isListedWhenOff(applying.rules, joinPath(frame.path, name));
  if (!listed && isListed) {
    const made = makeDraft(statement.text, statement.line);
    takeSlot(applying, frame.draft, frame.path, made);
    placeChild(frame.draft, made);
  } else if (named.length === 0) applying.idle.push(statement.line);
}

/** `default X`: neither `X` nor `no X` is listed, and a section that stays is empty. */
function reset(frame: Frame, statement: Statement, applying: Applying): undefined {
  const name = statement.text.slice('default '.length);
  const named = namedBy(frame, name, applying);
  const negative = findChild(frame.draft, `no ${name}`);
  const slot = slotOf(applying.rules, frame.path, name);
  const holder = applying.slots.find(frame.draft, frame.path, slot);
  if (named.length === 0 && !negative && !holder) applying.idle.push(statement.line);
  if (negative) detach(negative);
  if (holder && !named.includes(holder)) detach(holder);
  for (const each of named) {
    if (!each.first) detach(each);
    while (each.first) detach(each.first);
  }
}
