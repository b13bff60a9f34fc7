import type { Store } from '../ports/store.js';

/** A store that is opened when something is first asked of it. `close` closes what was opened. */
export function createLazyStore(open: () => Promise<Store>): Store {
  let opened: Promise<Store> | undefined;
  const store = () => (opened ??= open());
  return {
    journal: {
      append: async (...asked) => (await store()).journal.append(...asked),
      read: async (...asked) => (await store()).journal.read(...asked),
      takeOver: async (...asked) => (await store()).journal.takeOver(...asked),
      runs: async () => (await store()).journal.runs(),
    },
    put: async (...asked) => (await store()).put(...asked),
    latest: async (...asked) => (await store()).latest(...asked),
    rows: async (...asked) => (await store()).rows(...asked),
    ask: async (...asked) => (await store()).ask(...asked),
    requests: async (...asked) => (await store()).requests(...asked),
    holdRunner: async (...asked) => (await store()).holdRunner(...asked),
    runnerHolder: async () => (await store()).runnerHolder(),
    runnerBeatMs: async () => (await store()).runnerBeatMs(),
    holdTeller: async (...asked) => (await store()).holdTeller(...asked),
    close: async () => {
      // A store that could not be opened was told of when it was asked for.
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
