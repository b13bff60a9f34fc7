import type { Notifier } from '../ports/notifier.js';

/** Tells nobody. */
export function createSilentNotifier(): Notifier {
  return { notify: () => Promise.resolve() };
}

/** Writes each notice as lines of text: to standard error, never to standard output, which carries data. */
export function createTextNotifier(write: (text: string) => void): Notifier {
  return {
    notify({ subject, text, who }) {
      const to = who.length > 0 ? ` (for ${who.join(', ')})` : '';
      write(`${subject}${to}\n${text}\n`);
      return Promise.resolve();
    },
  };
}
