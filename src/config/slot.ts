import type { ConfigRules } from './rules.js';

/** Between the texts of a path where a rule is held against it. */
const BETWEEN = ' / ';

/** `parent` with one more text, as rules see paths. */
export function joinPath(parent: string, text: string): string {
  return parent === '' ? text : `${parent}${BETWEEN}${text}`;
}

/**
 * The rule's match in a path. It must reach the last text: a rule about `interface X` says nothing of what stands in it.
 */
function matchIn(rule: RegExp, path: string): RegExpExecArray | undefined {
  const found = rule.exec(path);
  if (!found) return undefined;
  const last = path.lastIndexOf(BETWEEN);
  const start = last < 0 ? 0 : last + BETWEEN.length;
  return found.index + found[0].length >= start ? found : undefined;
}

function matches(rules: readonly RegExp[] | undefined, path: string): boolean {
  return rules?.some((each) => matchIn(each, path) !== undefined) ?? false;
}

/** The statement that is all there is on both sides: nothing to match up. */
export function onlyCommon<Node extends { readonly text: string }>(
  before: readonly Node[],
  after: readonly Node[],
): readonly [Node, Node] | undefined {
  const [old, now] = [before[0], after[0]];
  const alone = before.length === 1 && after.length === 1 && old !== undefined;
  return alone && old.text === now?.text ? [old, now] : undefined;
}

/** Does the order of the statements in this section mean something? */
export function isOrdered(rules: ConfigRules, path: string): boolean {
  return matches(rules.ordered, path);
}

/** Is this statement a section even when nothing is in it? */
export function isSection(rules: ConfigRules, path: string): boolean {
  return matches(rules.sections, path);
}

/** Is this statement listed when it is off? */
export function isListedWhenOff(rules: ConfigRules, path: string): boolean {
  return matches(rules.negated, path);
}

/** The groups of the first rule that says that this statement holds one value. */
function singleGroups(rules: ConfigRules, path: string): readonly string[] | undefined {
  for (const each of rules.single) {
    const found = matchIn(each, path);
    if (found) return found.length > 1 ? found.slice(1) : found;
  }
  return undefined;
}

/** The statement without the word that takes it back. */
export function positiveOf(text: string): string {
  return text.startsWith('no ') ? text.slice(3) : text;
}

/** The first line of a statement; a banner or a certificate has more. */
export function headOf(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

/** Signs that begin and end the text of a banner: the two that the listing shows, or the control character itself. */
export const textSigns = ['^C', String.fromCharCode(3)] as const;

const BANNER = /^banner \S+/;

/** The statement's name, by which it is taken back: a banner without its text. */
export function nameOf(text: string): string {
  const head = headOf(text);
  const banner = BANNER.exec(head);
  if (banner) return banner[0];
  for (const sign of textSigns) {
    const at = head.indexOf(sign);
    if (at > 0) return head.slice(0, at).trimEnd();
  }
  return head;
}

/**
 * What a statement takes the place of: two statements of a section with the same slot never stand side by side. `no X`
 * and `X` share one; so do single-valued ones whatever their value, and in blocks all that set one key.
 */
export function slotOf(rules: ConfigRules, parent: string, text: string): string {
  if (rules.syntax === 'blocks') return blockSlot(text);
  const name = rules.syntax === 'indented' ? nameOf(positiveOf(text)) : text;
  return singleGroups(rules, joinPath(parent, name))?.join(' ') ?? name;
}

const SET = /^(?:un)?set (\S+)/;

function blockSlot(text: string): string {
  const found = SET.exec(text);
  return found ? `set ${found[1] ?? ''}` : text;
}

/** The shortest text that names a statement: `description` of `description to core`, where it holds one value. */
export function shortName(rules: ConfigRules, parent: string, text: string): string {
  const name = nameOf(text);
  const [group, ...more] = singleGroups(rules, joinPath(parent, name)) ?? [];
  const isAll = group !== undefined && more.length === 0;
  return isAll && name.startsWith(`${group} `) ? group : name;
}
