import { describe, expect, test } from '@jest/globals';
import { conditionError, evaluateCondition } from '../../src/check/condition.js';
import type { Snapshot } from '../../src/driver/facts.js';

function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    version: '1.0',
    uptimeMs: 5000,
    interfaces: [],
    neighbours: [
      { id: 'Et1|sw2|Et1', port: 'Et1', system: 'sw2', remotePort: 'Et1' },
      { id: 'Et2|sw3|Et1', port: 'Et2', system: 'sw3', remotePort: 'Et1' },
    ],
    peers: [],
    routes: { total: 100 },
    cpu: { percent: 12 },
    memory: { usedPercent: 40 },
    environment: { ok: true, problems: [] },
    ha: { kind: 'none', role: '', state: '', healthy: true, members: [] },
    ...change,
  };
}

const unit = { id: 'sw1', site: 'ams', version: '1.0' };
const everyNeighbour = 'before.neighbours.all(n, after.neighbours.exists(m, m.id == n.id))';

describe('conditions', () => {
  test('pass when every neighbour is back and fail when one is missing', () => {
    const before = snapshot();
    const short = snapshot({ neighbours: before.neighbours.slice(0, 1) });
    const condition = { name: 'neighbours', that: everyNeighbour };
    expect(evaluateCondition(condition, 'after', { before, after: before, unit }).kind).toBe(
      'passed',
    );
    expect(evaluateCondition(condition, 'after', { before, after: short, unit }).kind).toBe(
      'failed',
    );
  });

  test.each([
    ['after.routes.total * 100 >= before.routes.total * 95', 'passed'],
    ['after.routes.total >= before.routes.total * 0.95', 'passed'],
    ['after.routes.total == 100', 'passed'],
    ['after.cpu.percent + 1 > 13', 'failed'],
  ])('mix whole and fractional numbers: %s', (that, kind) => {
    const before = snapshot();
    expect(
      evaluateCondition({ name: 'n', that }, 'after', { before, after: before, unit }).kind,
    ).toBe(kind);
  });

  test.each(['state.nothing.here > 1', 'state.cpu.percent', '"text"'])(
    'are broken, not passed, when they give no truth: %s',
    (that) => {
      expect(
        evaluateCondition({ name: 'n', that }, 'before', { state: snapshot(), unit }).kind,
      ).toBe('broken');
    },
  );

  test.each([
    ['1 +', 'before'],
    ['before.cpu.percent < 80', 'before'],
    ['state.cpu.percent < 80', 'after'],
  ] as const)('are refused before they run: %s', (that, when) => {
    expect(conditionError(that, when)).toBeDefined();
  });

  test('are accepted in the phase whose words they use', () => {
    expect(conditionError('state.cpu.percent < 80', 'before')).toBeUndefined();
    expect(conditionError(everyNeighbour, 'after')).toBeUndefined();
  });

  test('are refused when they are longer than a person would read', () => {
    expect(conditionError(`"${'x'.repeat(2001)}" == ""`, 'before')).toContain('longer than');
  });
});
