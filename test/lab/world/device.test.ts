import { describe, expect, test } from '@jest/globals';
import type { DeviceEvent, DeviceState } from '../../../lab/world/device-state.js';
import { step } from '../../../lab/world/device.js';
import { deepFreeze } from '../../../lab/world/freeze.js';
import { labDevice, START_MS } from '../lab-network.js';
import { testPersonality } from '../test-personality.js';

const context = { nowMs: START_MS, chance: () => 0.5, personality: testPersonality };
const fresh = (): DeviceState =>
  deepFreeze({ device: testPersonality.create(labDevice('r1', '127.1.0.1')), shells: {} });

const file = { name: 'f', sizeBytes: 1, sha512: 'a', md5: 'b', modifiedAtMs: 0 };
const story: readonly DeviceEvent[] = [
  { kind: 'open-shell', shell: 's' },
  { kind: 'input', shell: 's', text: 'slow\rversion\r' },
  { kind: 'line', shell: 's', text: 'slow' },
  { kind: 'output-over', shell: 's' },
  { kind: 'line', shell: 's', text: 'version' },
  { kind: 'timer', name: 'alarm' },
  { kind: 'go-down' },
  { kind: 'file', memberId: '1', file },
  { kind: 'come-up' },
  { kind: 'close-shell', shell: 's' },
];

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

describe('a step', () => {
  test('gives the same for the same, and everything it gives is frozen', () => {
    let state = fresh();
    for (const event of story) {
      const before = JSON.stringify(state);
      const result = step(state, event, context);
      expect(step(state, event, context)).toEqual(result);
      expect(JSON.stringify(state)).toBe(before);
      expect(isFrozen(result)).toBe(true);
      state = result.state;
    }
    expect(state.device).toMatchObject({ power: 'up', bootCount: 2 });
  });

  test('keeps a file that arrived during the boot', () => {
    const end = story.reduce((state, event) => step(state, event, context).state, fresh());
    expect(end.device.members[0]?.flash.files.map(({ name }) => name)).toContain('f');
  });

  test('does nothing to a device that is down, but for its power', () => {
    const down = step(fresh(), { kind: 'go-down' }, context).state;
    const dull: readonly DeviceEvent[] = [
      { kind: 'open-shell', shell: 's' },
      { kind: 'input', shell: 's', text: 'x' },
      { kind: 'line', shell: 's', text: 'x' },
      { kind: 'timer', name: 'alarm' },
      { kind: 'go-down' },
      { kind: 'power-cycle' },
    ];
    for (const event of dull)
      expect(step(down, event, context)).toEqual({ state: down, effects: [] });
  });
});
