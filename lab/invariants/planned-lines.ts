import type { Step } from '../../src/driver/step.js';

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
