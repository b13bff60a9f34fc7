import { describe, expect, test } from '@jest/globals';
import { unitId } from '../../src/kernel/id.js';
import { makeReport } from '../../src/report/make-report.js';
import { exitCodeOf } from '../../src/report/verdict.js';
import { historyOf } from '../../src/report/history.js';
import { storyOf, type RunStory } from './run-story.js';

const PAIR = ['sw1', 'sw2'];

function pair(tell: (story: RunStory) => unknown): RunStory {
  const story = storyOf(PAIR).start();
  tell(story);
  return story;
}

const finished = { kind: 'run-finished' } as const;
const aborted = { kind: 'run-aborted', by: 'ada', reason: 'storm', request: 1 } as const;
const stopped = { kind: 'run-stopped', why: '1 failure', code: 'check-failed' } as const;

describe('the verdict of a run', () => {
  const cases: readonly [string, (story: RunStory) => unknown, string, number][] = [
    ['all units done', (s) => s.upgrade('sw1').upgrade('sw2').tell(finished), 'done', 0],
    [
      'one dropped by its checks',
      (s) =>
        s
          .upgrade('sw1')
          .admit('sw2')
          .check('sw2', 'before', 'cpu')
          .end('sw2', 'dropped')
          .tell(finished),
      'check failed',
      3,
    ],
    [
      'one unreachable before anything was sent',
      (s) =>
        s.upgrade('sw1').admit('sw2').end('sw2', 'dropped', { code: 'unreachable' }).tell(finished),
      'check failed',
      3,
    ],
    ['one reverted', (s) => s.upgrade('sw1').revert('sw2').tell(finished), 'rolled back', 4],
    [
      'one reverted, one dropped by its checks',
      (s) =>
        s
          .revert('sw1')
          .admit('sw2')
          .check('sw2', 'before', 'cpu')
          .end('sw2', 'dropped')
          .tell(finished),
      'rolled back',
      4,
    ],
    [
      'one held',
      (s) => s.upgrade('sw1').admit('sw2').end('sw2', 'held').tell(finished),
      'needs people',
      5,
    ],
    [
      'one lost',
      (s) => s.upgrade('sw1').admit('sw2').end('sw2', 'lost').tell(finished),
      'needs people',
      5,
    ],
    [
      'one quarantined beside one reverted',
      (s) => s.revert('sw1').admit('sw2').end('sw2', 'quarantined').tell(finished),
      'needs people',
      5,
    ],
    [
      'one whose window never came',
      (s) => s.upgrade('sw1').end('sw2', 'dropped', { code: 'outside-window' }).tell(finished),
      'partial',
      5,
    ],
    [
      'one not come to when the failure budget stopped the run',
      (s) => s.revert('sw1').tell(stopped),
      'partial',
      5,
    ],
    [
      'aborted between units',
      (s) =>
        s.upgrade('sw1').tell(aborted).end('sw2', 'dropped', { failure: false }).tell(finished),
      'partial',
      5,
    ],
    ['one still at work', (s) => s.upgrade('sw1').admit('sw2').steps('sw2', 0, 4), 'running', 5],
    [
      'stopped while one is still at work',
      (s) => s.revert('sw1').tell(stopped).admit('sw2').steps('sw2', 0, 4),
      'running',
      5,
    ],
  ];

  test.each(cases)('%s', (_, tell, kind, exitCode) => {
    const { verdict, title } = pair(tell).report();
    expect(verdict).toMatchObject({ kind, exitCode });
    expect(title).toBe(`campus-leaf-4.32: ${kind}`);
  });

  test('a plan without units exits 0', () => {
    const story = storyOf([]).start().tell(finished);
    expect(exitCodeOf(historyOf(story.plan, story.records).state)).toBe(0);
  });

  test('a resumed run is judged by what came after', () => {
    const story = pair((s) =>
      s
        .revert('sw1')
        .tell(stopped)
        .tell({ kind: 'run-resumed', by: 'ada', reason: 'mended', request: 1 }),
    );
    story.upgrade('sw2').tell(finished);
    expect(story.report().verdict).toMatchObject({ kind: 'rolled back', exitCode: 4 });
  });

  test('a run that was only observed says that nothing was changed', () => {
    const story = storyOf(['sw1']).start('observe').admit('sw1').end('sw1', 'done').tell(finished);
    expect(story.report().verdict.headline).toContain('nothing was changed');
  });
});

describe('the closing table', () => {
  const endings = [
    ['done', 'done', ''],
    ['dropped', 'not started', 'what to do about dropped'],
    ['reverted', 'rolled back', 'what to do about reverted'],
    ['held', 'needs a human', 'what to do about held'],
    ['quarantined', 'needs a human', 'what to do about quarantined'],
    ['lost', 'needs a human', 'what to do about lost'],
  ] as const;

  test.each(endings)('lists a unit that ended %s as %s', (as, standing, next) => {
    const story = storyOf(['sw1']).start().admit('sw1').end('sw1', as);
    expect(story.report().closing).toEqual([
      { unit: 'sw1', standing, state: as, why: `why it is ${as}`, next },
    ]);
  });

  test('holds every unit once, those that need people first', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const story = storyOf(names).start().upgrade('a').revert('b').admit('c').end('c', 'lost');
    const { closing, counts } = story.admit('d').report();
    expect(closing.map((each) => each.unit)).toEqual(['c', 'b', 'e', 'd', 'a']);
    expect(counts).toMatchObject({
      units: 5,
      done: 1,
      rolledBack: 1,
      needsHuman: 1,
      notStarted: 1,
    });
    expect(counts.underWay).toBe(1);
  });

  test('tells what to do about a unit that a stopped run never came to', () => {
    const { closing } = pair((s) => s.revert('sw1').tell(stopped)).report();
    const left = closing.find((each) => each.unit === 'sw2');
    expect(left?.next).toBe('resume the run with a reason, or make a new plan');
  });
});

describe('an unfinished run', () => {
  test('shows the step under way without an end', () => {
    const story = storyOf(['sw1'])
      .start()
      .admit('sw1')
      .look('sw1', 'before')
      .check('sw1', 'before');
    story.steps('sw1', 0, 5);
    const at = { unit: unitId('sw1'), list: 'forward', step: 5, id: 'reload' } as const;
    story.tell({ kind: 'step-intent', ...at, attempt: 1, known: {} });
    const report = story.report();
    const steps = report.units[0]!.steps;
    expect(steps[5]).toMatchObject({ outcome: 'under way', attempts: 1, startMs: story.nowMs });
    expect(steps[5]).not.toHaveProperty('endMs');
    expect(steps[6]).toMatchObject({ outcome: 'not reached', attempts: 0 });
    expect(report).not.toHaveProperty('endMs');
    expect(report.units[0]!.path.at(-1)).toEqual({ kind: 'reloading', fromMs: story.nowMs });
  });

  test('a plan that was never started has every unit waiting for its turn', () => {
    const story = storyOf(PAIR);
    const report = makeReport(story.inputs());
    expect(report.verdict.headline).toContain('has not begun');
    expect(report.counts.notStarted).toBe(2);
    expect(report.startedBy).toBe('');
  });
});
