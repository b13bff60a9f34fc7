import type { Declared, GroupEntry } from './entries.js';
import type { Findings } from './findings.js';

export type Groups = ReadonlyMap<string, Declared<GroupEntry>>;

const RESERVED = /^(all$|ungrouped$|site_|platform_|role_)/;

/** The way round from `name` back to itself; undefined when there is none. */
function cycleFrom(name: string, groups: Groups): readonly string[] | undefined {
  const seen = new Set<string>();
  const trails: (readonly string[])[] = [[name]];
  for (let trail = trails.pop(); trail; trail = trails.pop()) {
    for (const parent of groups.get(trail.at(-1) ?? '')?.value.parents ?? []) {
      if (parent === name) return [...trail, name];
      if (!seen.has(parent)) trails.push([...trail, parent]);
      seen.add(parent);
    }
  }
  return undefined;
}

/** Parents that are not there, ways round, names that patterns need for themselves. */
export function checkGroups(groups: Groups, findings: Findings): void {
  const names = new Set(groups.keys());
  const told = new Set<string>();
  for (const group of groups.values()) {
    if (RESERVED.test(group.name)) {
      const message = `\`${group.name}\` cannot name a group: patterns give it a meaning of its own`;
      findings.report(group.place, message, 'choose another name');
    }
    (group.value.parents ?? []).forEach((parent, index) => {
      findings.refer(group.at('parents', index), 'group', parent, names);
    });
    const cycle = told.has(group.name) ? undefined : cycleFrom(group.name, groups);
    if (!cycle) continue;
    for (const each of cycle) told.add(each);
    const message = `groups inherit from each other: ${cycle.join(' -> ')}`;
    findings.report(group.at('parents'), message, 'remove one of these parents');
  }
}

/** Own groups in their order, then their parents, then theirs: nearest first, each once. */
export function inheritedGroups(own: readonly string[], groups: Groups): readonly string[] {
  const found = new Set<string>(own.filter((each) => groups.has(each)));
  // A set is walked in the order of insertion, and what is added on the way is walked as well.
  for (const name of found) {
    for (const parent of groups.get(name)?.value.parents ?? []) {
      if (groups.has(parent)) found.add(parent);
    }
  }
  return [...found];
}
