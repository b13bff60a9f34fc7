import { describe, expect, test } from '@jest/globals';
import { meaningOf } from '../../src/cli/ask-view.js';
import { makeRunView } from '../../src/cli/run-view.js';
import { setUpDesk } from '../../src/cli/desk.js';
import { resultForm } from '../../src/cli/result-form.js';
import { changedWord } from '../../src/kernel/change-words.js';
import { runId, unitId } from '../../src/kernel/id.js';
import { askDesk, heard, type Ask } from '../../src/run/manual-word.js';
import type { RunEvent } from '../../src/run/event.js';
import { fold, initialState } from '../../src/run/state.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { fakeParts, typed } from './fake-parts.js';
import { OPENS_MS, samplePlan, step, unitPlan } from './sample-plan.js';

const RUN = runId('r1');
const clock = { now: () => OPENS_MS };
const drain = step('drain', {
  phase: 'drain',
  title: 'Traffic away',
  commands: [
    { send: 'drain <slot>', dialogs: [{ ask: 'Sure\\?', answer: 'y' }], ends: 'prompt' },
    { send: 'abort', dialogs: [], ends: 'prompt', when: 'refused' },
  ],
});
const copy = step('copy', {
  title: 'Copy the image',
  transfer: { image: 'two', remotePath: '/flash/two.bin', method: 'scp' },
});
const plan = samplePlan([
  unitPlan('sw1', { steps: [copy, drain] }),
  unitPlan('sw2', { steps: [drain] }),
]);

const begun: readonly RunEvent[] = [
  { kind: 'run-started', plan: plan.digest, by: 'tess', mode: 'manual' },
  { kind: 'unit-admitted', unit: unitId('sw1'), wave: 0 },
  { kind: 'unit-admitted', unit: unitId('sw2'), wave: 0 },
];
const asking = (unit: string, at: { step: number; id: string }, send?: string): RunEvent => ({
  kind: 'step-intent',
  unit: unitId(unit),
  list: 'forward',
  ...at,
  attempt: 1,
  known: {},
  seen: 'it is not there',
  asks: send === undefined ? [] : [{ index: 0, send }],
});
const both = [
  ...begun,
  asking('sw1', { step: 0, id: 'copy' }),
  asking('sw2', { step: 0, id: 'drain' }, 'drain 2'),
];
const stateAfter = (all: readonly RunEvent[]) =>
  all.reduce((state, each) => fold(state, each, OPENS_MS, plan), initialState(plan));

function appOf() {
  const store = createMemoryStore(clock as never);
  const world = { clock, store };
  return {
    store,
    app: {
      world: { ...world, secrets: { redact: (text: string) => text } },
      ...askDesk(world as never),
      findRun: async () => ({ run: RUN, plan: plan.digest, mode: 'manual' }),
      runState: async () => ({ plan, seq: 4, state: stateAfter(both) }),
    },
  };
}

const asks = askDesk({ clock } as never).asks(plan, stateAfter(both));
const asked = (unit: string): Ask => asks.find((each) => each.unit === unit) as Ask;

describe('manual show', () => {
  test('prints what is to be typed alone, and all else behind a #', async () => {
    const { out, code } = await typed(['manual', 'show', 'last'], { app: appOf().app });
    expect(code).toBe(0);
    expect(out.split('\n').filter((each) => !each.startsWith('#') && each !== '')).toEqual([
      'drain 2',
    ]);
    expect(out).toContain('#   the device shows: it is not there');
    expect(out).toContain('#   copy /images/two.bin to /flash/two.bin by scp');
    expect(out).toContain('#   if it asks /Sure\\?/ answer y');
    expect(out).toContain('#   if a line is refused: abort, then say refuse');
    expect(out).toContain('nightshift manual done|let|refuse|stop r1 sw1');
    expect(out).toContain('nightshift manual done|refuse|stop r1 sw2');
  });
});

describe('a word from another terminal', () => {
  test('is put down with the name of who said it', async () => {
    const { app, store } = appOf();
    const line = ['manual', 'done', 'last', 'sw2', '--remark', 'by console'];
    expect(await typed(line, { app })).toMatchObject({ code: 0 });
    const word = { word: 'done', by: 'tess', remark: 'by console' };
    expect(await heard(store, RUN, asked('sw2'))).toEqual(word);
    expect(await heard(store, RUN, asked('sw1'))).toBeUndefined();
  });

  test.each([
    [['manual', 'done', 'last'], 'asks for more than one'],
    [['manual', 'done', 'last', 'sw7'], 'sw7 in run r1 asks for nothing'],
    [['manual', 'let', 'last', 'sw2'], 'is no copy'],
  ])('%j is refused', async (line, why) => {
    const { err, code } = await typed(line, { app: appOf().app });
    expect(code).toBe(64);
    expect(err).toContain(why);
  });
});

describe('a word at the keyboard', () => {
  test.each([
    ['done sw2', { word: 'done', remark: '', unit: 'sw2' }],
    ['REFUSE sw1 no time', { word: 'refuse', remark: 'no time', unit: 'sw1' }],
    ['done', 'say of which: done sw1, done sw2'],
    ['yes', 'say done, let, refuse, stop'],
  ])('%s', (text, wanted) => {
    const meaning = meaningOf(text, asks);
    expect(typeof meaning === 'string' ? meaning : { ...meaning, unit: meaning.ask.unit }).toEqual(
      typeof wanted === 'string' ? wanted : expect.objectContaining(wanted),
    );
  });

  test('needs no name where one is asked, and means nothing where nobody is', () => {
    expect(meaningOf('stop enough', [asked('sw1')])).toMatchObject({
      word: 'stop',
      remark: 'enough',
    });
    expect(meaningOf('done', [])).toBe('nothing is asked now');
  });
});

describe('the view of a run by hand', () => {
  test('shows what is still asked once, hears the keyboard, and lets go of it', async () => {
    const { app, store } = appOf();
    let press: (key: string) => void = () => undefined;
    let released = 0;
    const { parts, said } = fakeParts({ app, answer: true });
    const console = {
      ...parts.console,
      onKey: (listener: (key: string) => void) => {
        press = listener;
        return () => void (released += 1);
      },
    };
    const settings = { state: 's', format: 'table', colour: 'never' } as never;
    const desk = setUpDesk({ ...parts, console }, settings, resultForm('run'));
    const view = makeRunView(desk, (await parts.open({} as never)).app, plan, 'manual');
    view.begin(RUN, stateAfter(begun));
    both
      .slice(begun.length)
      .forEach((event, index) =>
        view.onEvent(event, stateAfter(both.slice(0, begun.length + index + 1)), OPENS_MS),
      );
    await Promise.resolve();
    expect(said.err.split('drain 2')).toHaveLength(2);
    for (const key of 'donex\u007f sw2\r') press(key);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(await heard(store, RUN, asked('sw2'))).toMatchObject({ word: 'done', by: 'tess' });
    view.end();
    expect(released).toBe(1);
  });
});

test('what only gets another configuration is not called upgraded', () => {
  const configured = { fromVersion: '1.0', toVersion: '1.0', config: { diff: [] } };
  const upgraded = { fromVersion: '1.0', toVersion: '2.0' };
  expect(changedWord([configured])).toBe('configured');
  expect(changedWord([upgraded, upgraded])).toBe('upgraded');
  expect(changedWord([upgraded, configured])).toBe('changed');
});
