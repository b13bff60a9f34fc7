import { digestText } from '../../src/kernel/digest.js';
import { recall } from '../../src/kernel/recall.js';
import { unitOf, type Invariant } from './invariant.js';

interface KeptText {
  readonly text?: string;
  readonly digest?: string;
}

export const backup: Invariant = {
  number: 13,
  id: 'backup',
  title:
    'The configuration is kept, and can be read back, before the first line that changes a device',
  witness(scene, violated) {
    const kept = new Set<string>();
    return {
      kept(book, { key, value }) {
        const [, unit, name] = key.split('/');
        if (book !== 'artefact' || unit === undefined || name !== 'running-config.txt') return;
        const { text = '', digest } = recall<KeptText>(value);
        // A secret is kept masked, so that only a text without one has the digest of what was read.
        if (text.trim() !== '' && (digest === digestText(text) || text.includes('<secret>'))) {
          kept.add(unit);
        }
      },
      happened({ kind, device, detail }) {
        const unit = unitOf(scene, device);
        if (kind !== 'mutation' || unit === undefined || kept.has(unit)) return;
        violated(`${device}: ${detail}, and its configuration was not kept before`);
      },
    };
  },
};
