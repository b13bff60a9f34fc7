import type { Invariant } from './invariant.js';

export const termination: Invariant = {
  number: 23,
  id: 'termination',
  title: 'Every run ends in bounded time, resumed where it stopped, with every unit at an end',
  witness: (_scene, violated) => ({
    ended({ state, stuck }) {
      if (stuck !== undefined) return violated(stuck);
      for (const unit of state.units.values()) {
        if (unit.ended === undefined) violated(`${unit.unit} is left ${unit.kind}`);
      }
    },
  }),
};
