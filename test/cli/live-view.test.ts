import { describe, expect, test } from '@jest/globals';
import { eventLine } from '../../src/cli/event-line.js';
import { copyText, gridLines, type GridView } from '../../src/cli/grid.js';
import { makePaint } from '../../src/cli/paint.js';
import { Painter } from '../../src/cli/painter.js';
import { unitId } from '../../src/kernel/id.js';
import type { RunEvent } from '../../src/run/event.js';
import { fold, initialState } from '../../src/run/state.js';
import { OPENS_MS, samplePlan, unitPlan } from './sample-plan.js';
import { SECRET } from './fake-parts.js';

const sw1 = unitId('sw1');
const plan = samplePlan();
const atCopy = { unit: sw1, list: 'forward', step: 0, id: 'copy' } as const;
const events: readonly RunEvent[] = [
  { kind: 'run-started', plan: plan.digest, by: 'tess', mode: 'run' },
  { kind: 'wave-started', wave: 0 },
  { kind: 'unit-admitted', unit: sw1, wave: 0 },
  { kind: 'step-intent', attempt: 1, known: {}, ...atCopy },
];

function stateAfter(all: readonly RunEvent[]) {
  return all.reduce((state, each) => fold(state, each, OPENS_MS, plan), initialState(plan));
}

function viewOf(more: Partial<GridView> = {}): GridView {
  return {
    run: 'r1',
    plan,
    state: stateAfter(events),
    copies: new Map(),
    nowMs: OPENS_MS,
    zone: 'Europe/Amsterdam',
    notice: '',
    redact: (text) => text.replaceAll(SECRET, '<secret>'),
    ...more,
  };
}

const ascii = makePaint(false, false);
const progress = (doneBytes: number, atMs: number) => ({
  unit: 'sw1',
  step: 'copy',
  doneBytes,
  totalBytes: 100_000_000,
  atMs,
});

describe('the grid', () => {
  test('shows wave, state with its sign, step of steps, title and time left in the window', () => {
    const text = gridLines(viewOf(), { columns: 80, rows: 24 }, ascii).join('\n');
    expect(text).toContain('run r1  canary (1 of 1)  0/2 ended  22:00:00');
    expect(text).toMatch(/^sw1 +> staging +1\/2 +Copy the image +4h$/m);
    expect(text).toMatch(/^sw2 +\. queued +4h$/m);
  });

  test('shows bytes, rate and time to go of a copy', () => {
    const speed = { first: progress(0, 0), last: progress(25_000_000, 5000) };
    expect(copyText(speed, 'copy')).toBe('25% 25 MB, 5.0 MB/s, 15s');
    expect(copyText(speed, 'reload')).toBe('');
  });

  test('keeps to the rows and columns of the terminal, the troubled units first', () => {
    const many = samplePlan(Array.from({ length: 50 }, (_, index) => unitPlan(`sw${index}`)));
    const held: RunEvent = {
      kind: 'unit-ended',
      unit: unitId('sw49'),
      as: 'held',
      why: 'unknown',
      next: 'look at it',
      failure: true,
      healthy: false,
      code: '',
    };
    const state = fold(initialState(many), held, OPENS_MS, many);
    const lines = gridLines(viewOf({ plan: many, state }), { columns: 40, rows: 10 }, ascii);
    expect(lines.length).toBeLessThan(10);
    expect(lines.every((each) => each.length < 40)).toBe(true);
    expect(lines.join('\n')).toMatch(/sw49.*! held/);
    expect(lines.at(-1)).toMatch(/^and 4\d more$/);
  });

  test('uses ASCII only where the terminal has no more', () => {
    const text = gridLines(viewOf(), { columns: 80, rows: 24 }, ascii).join('');
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    const rich = gridLines(viewOf(), { columns: 80, rows: 24 }, makePaint(false, true)).join('');
    expect(rich).toContain('▶ staging');
  });

  test('blanks a secret before it is cut', () => {
    const stopped: RunEvent = { kind: 'run-stopped', why: `said ${SECRET}`, code: '' };
    const text = gridLines(
      viewOf({ state: stateAfter([...events, stopped]) }),
      { columns: 24, rows: 24 },
      ascii,
    ).join('\n');
    expect(text).not.toContain(SECRET.slice(0, 6));
  });
});

describe('the painter', () => {
  test('paints in place, at most one frame for many changes at once, and ends with the cursor shown', () => {
    let due: (() => void) | undefined;
    const delays: number[] = [];
    let text = '';
    let frames = 0;
    const clock = {
      now: () => 0,
      steadyMs: () => 0,
      monotonicMs: () => 0,
      timer: () => () => undefined,
      monotonicTimer: (delayMs: number, callback: () => void) => {
        delays.push(delayMs);
        due = callback;
        return () => undefined;
      },
    };
    const stream = {
      isTerminal: true,
      columns: 80,
      rows: 24,
      write: (more: string) => {
        text += more;
      },
    };
    const frame = () => {
      frames += 1;
      return ['one', 'two'];
    };
    const painter = new Painter({ clock, stream, frame, redact: (each) => each });
    expect(frames).toBe(1);
    for (let change = 0; change < 10; change += 1) painter.touch();
    expect(frames).toBe(1);
    expect(delays.filter((each) => each === 200)).toHaveLength(1);
    due?.();
    expect(frames).toBe(2);
    expect(text).toContain('\u001b[2A\r');
    painter.end();
    expect(text.endsWith('\u001b[?25h')).toBe(true);
  });
});

describe('the lines where there is no terminal', () => {
  const line = (event: RunEvent, before: readonly RunEvent[] = events) =>
    eventLine(event, {
      plan,
      state: stateAfter([...before, event]),
      atMs: OPENS_MS,
      zone: 'Europe/Amsterdam',
    });

  test('say time, unit, state, step and why, one a change', () => {
    expect(events.map((each) => line(each, []))).toEqual([
      '22:00:00 run: started by tess',
      '22:00:00 run: canary begins, 1 of 1',
      '22:00:00 sw1 checking: its turn has come, canary',
      '22:00:00 sw1 staging: 1/2 Copy the image',
    ]);
    expect(line({ kind: 'step-failed', why: 'no space', ...atCopy })).toBe(
      '22:00:00 sw1 staging: 1/2 Copy the image FAILED, no space',
    );
  });

  test('name the next action of a unit that needs a person', () => {
    const ended = line({
      kind: 'unit-ended',
      unit: sw1,
      as: 'held',
      why: 'it asks a question',
      next: 'read the question',
      failure: true,
      healthy: false,
      code: '',
    });
    expect(ended).toBe('22:00:00 sw1 held: it asks a question. NEXT: read the question');
  });

  test('leave out what changes no state', () => {
    const observed = { kind: 'unit-observed', unit: sw1, when: 'before', snapshot: 'x' } as const;
    expect(line(observed)).toBeUndefined();
  });
});
