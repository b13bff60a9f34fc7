import type { Step } from '../../src/driver/step.js';
import type { Dialect } from '../../src/session/dialect.js';

/** Does this line look at the device, and is it no part of opening a session? */
export function isLook(dialect: Dialect, line: string): boolean {
  return !dialect.onOpen.includes(line) && dialect.readOnly.some((each) => each.test(line));
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What the plan lets the steps send, holes filled with what they permit. */
export function expressionsOf(steps: readonly Step[]): readonly RegExp[] {
  return steps.flatMap((step) =>
    step.commands.map(({ send, holes = [] }) => {
      const filled = holes.reduce(
        (text, { name, permitted }) =>
          text.replaceAll(escaped(`<${name}>`), `(?:${permitted.replace(/^\^|\$$/g, '')})`),
        escaped(send),
      );
      return new RegExp(`^${filled}$`);
    }),
  );
}
