import { describe, expect, test } from '@jest/globals';
import { conduct, type Journey } from './conduct.js';
import {
  confirmed,
  firmwareTakenBack,
  planWith,
  takenBack,
  withFirmware,
  withPatch,
} from './config-scenario.js';
import { blindRepeats, essence, strayLines } from './findings.js';
import { killEverywhere } from './killing.js';
import { IS_THOROUGH } from './thorough.js';

const WITH = 'runs with, boots with';
const WITHOUT = 'runs without, boots without';
const AFTERMATH_MS = 86_400_000;

const endings = (journey: Journey) => journey.outcomes.map((each) => each.ended);

describe.each(confirmed)('a patch of %s', (_name, { scenario, sample }) => {
  const everyUnit = (text: string) => scenario.units.map(() => text);

  test('is planned with what differs, how it is taken back, and no outage', () => {
    expect(scenario.inputs.plan.body.leftOut).toEqual([]);
    for (const { config, steps, rollback } of scenario.inputs.plan.body.units) {
      expect(config?.diff.some(({ sign, text }) => sign === '+' && text.includes('192.0.2'))).toBe(
        true,
      );
      expect(config?.guarded).toEqual([]);
      const kinds = steps.map((step) => step.kind);
      expect(kinds[0]).toBe('backup-config');
      const [first, last] = [kinds.indexOf('apply-config'), kinds.indexOf('confirm-config')];
      expect(steps[first]?.phase).toBe('configure');
      expect(steps[last]?.phase).toBe('commit');
      expect(last).toBeGreaterThan(first);
      expect(rollback.length).toBeGreaterThan(0);
      expect([...steps, ...rollback].filter((step) => step.phase === 'activate')).toEqual([]);
    }
  });

  test('is in force for good when it was confirmed, and only planned lines were typed', async () => {
    const journey = await conduct(scenario);
    expect(endings(journey)).toEqual(everyUnit('done'));
    expect(withPatch(journey, sample)).toEqual(everyUnit(WITH));
    await journey.stage.sim.scheduler.advance(AFTERMATH_MS);
    expect(withPatch(journey, sample)).toEqual(everyUnit(WITH));
    expect(strayLines(journey)).toEqual([]);
    expect(blindRepeats(journey)).toEqual([]);
  });

  test('ends as if nothing had happened when the engine is killed (every boundary of the journal)', async () => {
    const killing = { scenario, turn: {}, from: () => 1, ends: 'done' };
    const { wrong, deaths } = await killEverywhere(killing);
    expect(wrong).toEqual([]);
    expect(deaths).toBeGreaterThan(10);
  }, 120_000);
});

describe.each(takenBack)('a patch of %s whose check fails', (_name, { scenario, sample }) => {
  const { driver } = scenario.one;
  const everyUnit = (text: string) => scenario.units.map(() => text);

  test('leaves the device as it was', async () => {
    const journey = await conduct(scenario);
    const mask = (text: string) => driver.maskConfig(text);
    const looks = () =>
      scenario.units.map((id) => essence(journey.stage.sim.deviceState(id), mask));
    expect(endings(journey)).toEqual(everyUnit('reverted'));
    expect(withPatch(journey, sample)).toEqual(everyUnit(WITHOUT));
    const looked = looks();
    await journey.stage.sim.scheduler.advance(AFTERMATH_MS);
    expect(looks()).toEqual(looked);
    expect(strayLines(journey)).toEqual([]);
  });

  test('ends as if nothing had happened when the engine is killed (every boundary of the rollback)', async () => {
    const from = (model: Journey) =>
      model.appends.findIndex((kinds) => kinds.includes('rollback-started')) + 1;
    const killing = { scenario, turn: {}, from, ends: 'reverted' };
    const { wrong, deaths } = await killEverywhere(killing);
    expect(wrong).toEqual([]);
    expect(deaths).toBeGreaterThan(3);
  }, 120_000);
});

describe('a line of a patch that changes nothing', () => {
  const line = 'no ntp server 203.0.113.99';
  const found = confirmed.find(([, { scenario }]) => scenario.one.id === 'arista_eos')?.[1];

  test('is told to the board, and the rest is planned', async () => {
    if (!found) throw new Error('no scenario');
    const { scenario, sample } = found;
    const { body } = await planWith(scenario.inputs, {
      ...sample,
      text: `${line}\n${sample.text}`,
    });
    expect(body.units.map((each) => each.config?.idle)).toEqual(scenario.units.map(() => [line]));
    const plain = scenario.inputs.plan.body.units;
    expect(body.units.map((each) => each.config?.delta)).toEqual(
      plain.map((each) => each.config?.delta),
    );
    expect(plain.some((each) => each.config && 'idle' in each.config)).toBe(false);
  });

  test('leaves the unit out where it is all that there is', async () => {
    if (!found) throw new Error('no scenario');
    const { scenario } = found;
    const { body } = await planWith(scenario.inputs, { text: `${line}\n`, word: '' });
    expect(body.units).toEqual([]);
    expect(body.leftOut.filter((each) => scenario.units.includes(each.unit))).toEqual(
      scenario.units.map((unit) => ({
        unit,
        kind: 'nothing to do',
        why: `has the configuration already; no effect: ${line}`,
      })),
    );
  });
});

describe.each(withFirmware)('new firmware and a patch of %s', (_name, { scenario, sample }) => {
  test('are both in force for good when they were confirmed', async () => {
    const journey = await conduct(scenario);
    const every = (text: string) => scenario.units.map(() => text);
    expect(endings(journey)).toEqual(every('done'));
    expect(withPatch(journey, sample)).toEqual(every(WITH));
    await journey.stage.sim.scheduler.advance(AFTERMATH_MS);
    expect(withPatch(journey, sample)).toEqual(every(WITH));
    expect([...strayLines(journey), ...blindRepeats(journey)]).toEqual([]);
  });
});

describe.each(firmwareTakenBack)(
  'new firmware and a patch of %s whose check fails',
  (_name, { scenario, sample }) => {
    test('are both taken back for good', async () => {
      const journey = await conduct(scenario);
      const every = (text: string) => scenario.units.map(() => text);
      expect(endings(journey)).toEqual(every('reverted'));
      expect(journey.outcomes.map((each) => each.isTrue)).toEqual(scenario.units.map(() => true));
      expect(withPatch(journey, sample)).toEqual(every(WITHOUT));
      await journey.stage.sim.scheduler.advance(AFTERMATH_MS);
      expect(withPatch(journey, sample)).toEqual(every(WITHOUT));
      expect([...strayLines(journey), ...blindRepeats(journey)]).toEqual([]);
    });
  },
);

// Long plans, many boundaries: all shapes only where every boundary is asked for.
describe.each(IS_THOROUGH ? withFirmware : withFirmware.slice(0, 1))(
  'new firmware and a patch of %s, the engine killed',
  (_name, { scenario }) => {
    test('ends as if nothing had happened', async () => {
      const killing = { scenario, turn: {}, from: () => 1, ends: 'done' };
      const { wrong, deaths } = await killEverywhere(killing);
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(30);
    }, 300_000);
  },
);
