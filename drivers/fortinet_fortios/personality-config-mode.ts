import {
  checkValue,
  INCOMPLETE,
  missingAttribute,
  missingIn,
  NOT_IN_TABLE,
  parseError,
  useCount,
} from './personality-config-check.js';
import { changeConfig } from './personality-config-change.js';
import {
  draftDepth,
  nodeAt,
  sectionAt,
  sectionTyped,
  strayWord,
  withNode,
} from './personality-config-place.js';
import { treeOf, versionNow } from './personality-config.js';
import { type Attribute, type Section, sectionIn } from './personality-schema.js';
import {
  type Frame,
  type Place,
  placeOf,
  type Reply,
  type Turn,
  withPlace,
} from './personality-state.js';
import {
  childOf,
  configOf,
  emptyNode,
  entriesOf,
  type Node,
  settingOf,
  valueOf,
  type Tree,
  withChild,
  withConfig,
  withoutSetting,
  withSetting,
  type Word,
} from './personality-tree.js';

/** Names of objects inside others that are not described further. */
const NESTED =
  /^(ipv6|secondaryip|rule|ip-range|options|reserved-address|redistribute|neighbor-group|health-check|members|zone|service|entries|match|area|network|neighbor|ospf-interface|hosts|ntpserver|filters|aggregate-address|network6|ha-mgmt-interfaces|tagging|action-list|actions)$/;

function changed(turn: Turn, tree: Tree, place: Place): Reply {
  const before = turn.device.runningConfig;
  const { device, effects } = changeConfig(turn.device, tree, turn.context.nowMs);
  const shell = withPlace(turn.shell, place);
  const isChange = device.runningConfig !== before;
  return { device, shell, effects, ...(isChange && { mutation: 'config' }) };
}

/** The running configuration with the draft in its place. */
function committed(turn: Turn, place: Place): Tree {
  const tree = treeOf(turn.device);
  const [top, second] = place.frames;
  if (!place.draft || !top) return tree;
  if (second?.kind !== 'edit') return withConfig(tree, place.draft);
  const table = configOf(tree, top.name) ?? emptyNode('config', top.name);
  return withConfig(tree, withChild(table, place.draft));
}

const stay = (turn: Turn, place: Place): Reply => ({ shell: withPlace(turn.shell, place) });
const say = (lines: readonly string[]): Reply => ({ lines });

/** `config PATH` at the top. */
export function openSection(turn: Turn, words: readonly string[]): Reply {
  if (words.length === 0) return say(INCOMPLETE);
  const path = sectionTyped(turn.device, words);
  if (path === undefined) return say(parseError(strayWord(turn.device, words)));
  const place = placeOf(turn.shell);
  return stay(turn, { ...place, frames: [{ kind: 'config', name: path }] });
}

function openNested(turn: Turn, place: Place, words: readonly string[]): Reply {
  const name = words.join(' ');
  if (name === '') return say(INCOMPLETE);
  const at = place.frames.at(-1);
  const isTable = at?.kind === 'config' && sectionAt(place.frames).key !== undefined;
  const isKnown =
    NESTED.test(name) || childOf(nodeAt(turn.device, place), 'config', name) !== undefined;
  if (isTable || !isKnown) return say(parseError(words[0] ?? ''));
  return stay(turn, { ...place, frames: [...place.frames, { kind: 'config', name }] });
}

function keyFits(section: Section, key: string): boolean {
  if (key === '' || key.length > 79) return false;
  return section.key !== 'number' || /^\d{1,10}$/.test(key);
}

/** `edit 0` takes the next free number. */
function freshKey(section: Section, table: Node, key: string): string {
  if (section.key !== 'number' || Number(key) !== 0) return key;
  return String(Math.max(0, ...entriesOf(table).map(({ name }) => Number(name))) + 1);
}

function edit(turn: Turn, place: Place, words: readonly string[]): Reply {
  const section = sectionAt(place.frames);
  const isTable =
    place.frames.at(-1)?.kind === 'config' && (section.key !== undefined || section.isOpen);
  if (!isTable) return say(parseError('edit'));
  const [typed] = words;
  if (typed === undefined) return say(INCOMPLETE);
  if (!keyFits(section, typed)) return say(parseError(typed));
  const table = nodeAt(turn.device, place);
  const name = freshKey(section, table, typed);
  const known = childOf(table, 'edit', name);
  const entry = known ?? emptyNode('edit', name);
  const frames: readonly Frame[] = [...place.frames, { kind: 'edit', name }];
  const opened =
    place.frames.length === 1
      ? { ...place, frames, draft: entry }
      : withNode(turn.device, { ...place, frames }, entry);
  const lines = known ? [] : [`new entry '${name}' added`];
  return { ...stay(turn, opened), lines };
}

function attributeTyped(section: Section, node: Node, typed: string): Attribute | undefined {
  const exact = section.attributes.find(({ name }) => name === typed);
  if (exact) return exact;
  const fits = section.attributes.filter(({ name }) => name.startsWith(typed));
  if (fits.length === 1) return fits[0];
  const isFree = section.isOpen || settingOf(node, typed) !== undefined;
  return isFree && /^[a-z][\w-]*$/.test(typed)
    ? { name: typed, type: { kind: 'free' } }
    : undefined;
}

/** An attribute that another entry of the same table has exists, whatever is known here. */
function attributeOf(turn: Turn, place: Place, typed: string): Attribute | undefined {
  const node = nodeAt(turn.device, place);
  const whole = sectionAt(place.frames);
  const section = sectionHere(turn, place, node);
  if (whole.attributes.some(({ name }) => name === typed)) {
    return section.attributes.find(({ name }) => name === typed);
  }
  const known = attributeTyped(section, node, typed);
  if (known || place.frames.at(-1)?.kind !== 'edit') return known;
  const table = nodeAt(turn.device, { ...place, frames: place.frames.slice(0, -1) });
  const isOthers = entriesOf(table).some((entry) => settingOf(entry, typed) !== undefined);
  const tops = place.frames.length === 2 ? configOf(treeOf(turn.device), section.path) : undefined;
  const isSaved = entriesOf(tops).some((entry) => settingOf(entry, typed) !== undefined);
  return isOthers || isSaved ? { name: typed, type: { kind: 'free' } } : undefined;
}

function isObject(place: Place): boolean {
  const section = sectionAt(place.frames);
  return place.frames.at(-1)?.kind === 'edit' || section.key === undefined;
}

type Way = 'set' | 'append' | 'unselect';

/** The words of a list setting after one of the verbs that change a part of it. */
function wordsAfter(node: Node, name: string, words: readonly Word[], way: Way): readonly Word[] {
  if (way === 'set') return words;
  const given = (settingOf(node, name) ?? '').split(' ').filter((word) => word !== '');
  const now = given.map((word): Word => ({
    text: word.replaceAll('"', ''),
    isQuoted: word.startsWith('"'),
  }));
  const names = new Set(words.map(({ text }) => text));
  const kept = now.filter(({ text }) => !names.has(text));
  return way === 'append' ? [...kept, ...words] : kept;
}

function set(turn: Turn, place: Place, words: readonly Word[], way: Way): Reply {
  if (!isObject(place)) return say(parseError('set'));
  const [typed, ...given] = words;
  if (typed === undefined) return say(INCOMPLETE);
  const attribute = attributeOf(turn, place, typed.text);
  if (!attribute) return say(parseError(typed.text));
  const node = nodeAt(turn.device, place);
  if (given.length === 0) return say(INCOMPLETE);
  const wanted = wordsAfter(node, attribute.name, given, way);
  const checked = checkValue(treeOf(turn.device), attribute, wanted);
  if (checked.kind === 'refused') return say(checked.lines);
  const next =
    checked.value === attribute.preset
      ? withoutSetting(node, attribute.name)
      : withSetting(node, { name: attribute.name, value: checked.value });
  return stay(turn, withNode(turn.device, place, pruned(turn, place, next)));
}

function sectionHere(turn: Turn, place: Place, node: Node): Section {
  const version = versionNow(turn.device);
  return sectionIn(sectionAt(place.frames), { version, value: (name) => valueOf(node, name) });
}

/** The node without what depended on a value that is gone. */
function pruned(turn: Turn, place: Place, node: Node): Node {
  const left = new Set(sectionHere(turn, place, node).attributes.map(({ name }) => name));
  const gone = sectionAt(place.frames).attributes.filter(({ name }) => !left.has(name));
  return gone.reduce((rest, { name }) => withoutSetting(rest, name), node);
}

function unset(turn: Turn, place: Place, words: readonly string[]): Reply {
  const [typed] = words;
  if (typed === undefined) return say(INCOMPLETE);
  const attribute = attributeOf(turn, place, typed);
  if (!attribute || !isObject(place)) return say(parseError(typed));
  const node = withoutSetting(nodeAt(turn.device, place), attribute.name);
  return stay(turn, withNode(turn.device, place, pruned(turn, place, node)));
}

/** A change to the table that the shell is in: in force at once at the top, in the draft below it. */
function changeTable(turn: Turn, place: Place, table: Node): Reply {
  if (place.frames.length > 1) return stay(turn, withNode(turn.device, place, table));
  return changed(turn, withConfig(treeOf(turn.device), table), place);
}

function remove(turn: Turn, place: Place, words: readonly string[]): Reply {
  const [key] = words;
  if (key === undefined) return say(INCOMPLETE);
  const table = nodeAt(turn.device, place);
  if (!childOf(table, 'edit', key)) return say(NOT_IN_TABLE);
  const count = useCount(treeOf(turn.device), sectionAt(place.frames).path, key);
  if (count > 0) {
    return say([
      '',
      `The entry is used by other ${count} entries`,
      'Command fail. Return code -23',
    ]);
  }
  const children = table.children.filter(({ kind, name }) => kind !== 'edit' || name !== key);
  return changeTable(turn, place, { ...table, children });
}

function move(turn: Turn, place: Place, words: readonly string[]): Reply {
  const [key = '', way = '', other = ''] = words;
  if (words.length < 3) return say(INCOMPLETE);
  if (way !== 'before' && way !== 'after') return say(parseError(way));
  const table = nodeAt(turn.device, place);
  const moved = childOf(table, 'edit', key);
  if (!moved || !childOf(table, 'edit', other)) return say(NOT_IN_TABLE);
  const rest = table.children.filter((child) => child !== moved);
  const at = rest.findIndex(({ name }) => name === other) + (way === 'after' ? 1 : 0);
  return changeTable(turn, place, {
    ...table,
    children: [...rest.slice(0, at), moved, ...rest.slice(at)],
  });
}

/** `rename A to B` and `clone A to B`. */
function copy(turn: Turn, place: Place, words: readonly string[], verb: 'rename' | 'clone'): Reply {
  const [key = '', to = '', name] = words;
  if (name === undefined) return say(INCOMPLETE);
  if (to !== 'to') return say(parseError(to));
  const table = nodeAt(turn.device, place);
  const entry = childOf(table, 'edit', key);
  if (!entry) return say(NOT_IN_TABLE);
  const isTaken = childOf(table, 'edit', name) !== undefined;
  if (isTaken || !keyFits(sectionAt(place.frames), name)) {
    return say(['', 'A duplicate entry already exists', 'Command fail. Return code -5']);
  }
  const fresh = { ...entry, name };
  const children =
    verb === 'clone'
      ? [...table.children, fresh]
      : table.children.map((child) => (child === entry ? fresh : child));
  return changeTable(turn, place, { ...table, children });
}

/** What `next` and `end` say about the entry that is left, when it cannot be taken. */
function objection(turn: Turn, place: Place): readonly string[] | undefined {
  if (place.frames.at(-1)?.kind !== 'edit') return undefined;
  const missing = missingIn(sectionAt(place.frames), nodeAt(turn.device, place));
  return missing === undefined ? undefined : missingAttribute(missing);
}

/** The place without the last frame; an entry that cannot be taken is dropped. */
function leave(turn: Turn, place: Place): Reply {
  const lines = objection(turn, place);
  const { draft: _draft, ...bare } = place;
  const frames = place.frames.slice(0, -1);
  const isDone = frames.length < draftDepth(place.frames);
  if (lines) {
    if (isDone) return { ...stay(turn, { ...bare, frames }), lines };
    const node = nodeAt(turn.device, { ...place, frames });
    const name = place.frames.at(-1)?.name;
    const children = node.children.filter((child) => child.name !== name);
    return {
      ...stay(turn, withNode(turn.device, { ...place, frames }, { ...node, children })),
      lines,
    };
  }
  if (!isDone) return stay(turn, { ...place, frames });
  return changed(turn, committed(turn, place), { ...bare, frames });
}

/** `end` in an entry leaves the table too. */
function end(turn: Turn, place: Place): Reply {
  if (place.frames.at(-1)?.kind !== 'edit') return leave(turn, place);
  const left = leave(turn, place);
  const device = left.device ?? turn.device;
  const shell = left.shell ?? turn.shell;
  const over = leave({ ...turn, device, shell }, placeOf(shell));
  return {
    ...left,
    ...over,
    device: over.device ?? device,
    effects: left.effects ?? [],
    ...kept(left),
  };
}

const kept = (reply: Reply): Partial<Reply> => ({
  ...(reply.lines && { lines: reply.lines }),
  ...(reply.mutation !== undefined && { mutation: reply.mutation }),
});

function abort(turn: Turn, place: Place): Reply {
  const { draft: _draft, ...bare } = place;
  return stay(turn, { ...bare, frames: [] });
}

const VERBS = [
  'abort',
  'append',
  'clone',
  'config',
  'delete',
  'edit',
  'end',
  'exit',
  'get',
  'move',
  'next',
  'purge',
  'rename',
  'select',
  'set',
  'show',
  'unselect',
  'unset',
] as const;
type Verb = (typeof VERBS)[number];

function verbOf(word: string): Verb | undefined {
  const exact = VERBS.find((verb) => verb === word);
  const fits = VERBS.filter((verb) => verb.startsWith(word) && word.length > 1);
  return exact ?? (fits.length === 1 ? fits[0] : undefined);
}

function tableVerb(turn: Turn, place: Place, verb: Verb, words: readonly string[]): Reply {
  if (place.frames.at(-1)?.kind === 'edit') return say(parseError(verb));
  if (verb === 'delete') return remove(turn, place, words);
  if (verb === 'move') return move(turn, place, words);
  if (verb === 'rename' || verb === 'clone') return copy(turn, place, words, verb);
  return changeTable(turn, place, { ...nodeAt(turn.device, place), children: [] });
}

type Typed = (turn: Turn, place: Place, words: readonly Word[]) => Reply;

const textsOf = (words: readonly Word[]): readonly string[] => words.map(({ text }) => text);

const onTable =
  (verb: Verb): Typed =>
  (turn, place, words) =>
    tableVerb(turn, place, verb, textsOf(words));

const ANSWERS: Readonly<Partial<Record<Verb, Typed>>> = {
  set: (turn, place, words) => set(turn, place, words, 'set'),
  select: (turn, place, words) => set(turn, place, words, 'set'),
  append: (turn, place, words) => set(turn, place, words, 'append'),
  unselect: (turn, place, words) => set(turn, place, words, 'unselect'),
  unset: (turn, place, words) => unset(turn, place, textsOf(words)),
  config: (turn, place, words) => openNested(turn, place, textsOf(words)),
  edit: (turn, place, words) => edit(turn, place, textsOf(words)),
  next: (turn, place) =>
    place.frames.at(-1)?.kind === 'edit' ? leave(turn, place) : say(parseError('next')),
  end,
  exit: end,
  abort,
  delete: onTable('delete'),
  move: onTable('move'),
  rename: onTable('rename'),
  clone: onTable('clone'),
  purge: onTable('purge'),
};

/** A line typed in the configuration; undefined when it is `show` or `get`, or no line of it at all. */
export function configLine(turn: Turn, words: readonly Word[]): Reply | undefined {
  const verb = verbOf(words[0]?.text ?? '');
  const answer = verb && ANSWERS[verb];
  return answer?.(turn, placeOf(turn.shell), words.slice(1));
}
