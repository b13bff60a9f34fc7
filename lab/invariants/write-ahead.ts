import { unitOf, type Invariant } from './invariant.js';

const BY_US = new Set(['mutation', 'upload']);

export const writeAhead: Invariant = {
  number: 16,
  id: 'write-ahead',
  title: 'What is done to a device stands in the journal as an intent before',
  witness: (scene, violated) => ({
    happened({ kind, device, detail }, state) {
      if (!BY_US.has(kind)) return;
      const unit = unitOf(scene, device);
      const known = unit === undefined ? undefined : state.units.get(unit);
      if (known && !known.intent) violated(`${device}: ${kind} ${detail} without an open intent`);
    },
  }),
};
