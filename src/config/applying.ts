import { detach, type Draft } from './draft.js';
import type { ConfigFinding, Findings } from './finding.js';
import type { ConfigRules } from './rules.js';
import { slotOf } from './slot.js';
import type { ConfigTree } from './tree.js';

/** What lines make of a configuration. */
export type AppliedLines =
  | {
      readonly kind: 'tree';
      readonly tree: ConfigTree;
      /** Lines that change nothing, by what can be known here: a `no` for what is not there. 1-based. */
      readonly idle: readonly number[];
    }
  | { readonly kind: 'malformed'; readonly findings: readonly ConfigFinding[] };

/** What the lines of one patch are worked out with. */
export interface Applying {
  readonly rules: ConfigRules;
  readonly findings: Findings;
  readonly idle: number[];
  readonly slots: Slots;
  /** Statements that the device lists as off somewhere: it lists the same ones elsewhere too. */
  readonly listedOff: ReadonlySet<string>;
}

/** The negative statements anywhere below the draft. */
export function negativesIn(draft: Draft, found = new Set<string>()): ReadonlySet<string> {
  for (let at = draft.first; at; at = at.next) {
    if (at.text.startsWith('no ') || at.text.startsWith('unset ')) found.add(at.text);
    if (at.first) negativesIn(at, found);
  }
  return found;
}

/** Which statement of a section holds a slot. Made when first asked, kept up by `hold`. */
export interface Slots {
  find(section: Draft, path: string, slot: string): Draft | undefined;
  hold(section: Draft, path: string, draft: Draft): void;
}

export function makeSlots(rules: ConfigRules): Slots {
  const known = new WeakMap<Draft, Map<string, Draft>>();
  const slotsOf = (section: Draft, path: string) => {
    let slots = known.get(section);
    if (slots) return slots;
    slots = new Map();
    for (let at = section.first; at; at = at.next) slots.set(slotOf(rules, path, at.text), at);
    known.set(section, slots);
    return slots;
  };
  return {
    find(section, path, slot) {
      const found = slotsOf(section, path).get(slot);
      // A statement that was taken out meanwhile holds nothing.
      return found?.parent === section ? found : undefined;
    },
    hold(section, path, draft) {
      slotsOf(section, path).set(slotOf(rules, path, draft.text), draft);
    },
  };
}

/** Takes out what holds the slot that `draft` takes. */
export function takeSlot(applying: Applying, section: Draft, path: string, draft: Draft): void {
  const slot = slotOf(applying.rules, path, draft.text);
  const holder = applying.slots.find(section, path, slot);
  if (holder && holder !== draft) detach(holder);
  applying.slots.hold(section, path, draft);
}
