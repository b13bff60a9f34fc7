import type { InstantMs } from '../kernel/id.js';
import type { Inventory, Person } from '../inventory/inventory.js';
import type { Notice } from './notice.js';
import type { Level, NoticeRules } from './rules.js';

/** The people of the roster whom a level names. The author who is not on it stands for all engineers. */
export function peopleOf(
  to: readonly string[],
  people: readonly Person[],
  author: string,
): readonly Person[] {
  const isAuthor = people.some((each) => each.id === author);
  const wanted = new Set(
    to.map((each) => (each === 'author' ? (isAuthor ? author : 'engineer') : each)),
  );
  return people.filter((each) => wanted.has(each.id) || wanted.has(each.role));
}

/** The levels of a notice that name anybody at all, the first at once. */
export function levelsOf(
  notice: Pick<Notice, 'criticality' | 'needsPerson'>,
  rules: NoticeRules,
  on: { readonly inventory: Pick<Inventory, 'people'>; readonly author: string },
): readonly Level[] {
  const all = rules.escalation[notice.criticality];
  const [first = { afterMs: 0, to: ['author'] }, ...rest] = all;
  if (!notice.needsPerson) return [first];
  return [
    first,
    ...rest.filter((each) => peopleOf(each.to, on.inventory.people, on.author).length > 0),
  ];
}

/** When a level's turn comes. */
export function dueMs(notice: Pick<Notice, 'atMs'>, level: Level): InstantMs {
  return notice.atMs + level.afterMs;
}
