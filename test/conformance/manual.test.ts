import { describe, expect, test } from '@jest/globals';
import { recall } from '../../src/kernel/recall.js';
import type { RunEvent } from '../../src/run/event.js';
import { runId } from '../../src/kernel/id.js';
import { confirmed, takenBack, withPatch } from './config-scenario.js';
import { conduct, type Journey } from './conduct.js';
import { findings, strayLines, typedLines } from './findings.js';
import { everyScenario, loneScenarios } from './scenario.js';

const EVERY_BOUNDARY = process.env['NIGHTSHIFT_EVERY_BOUNDARY'] === '1';

const endings = ({ outcomes }: Journey) => outcomes.map((each) => [each.ended, each.isTrue]);
const every = (journey: Journey, ending: string) =>
  journey.scenario.units.map(() => [ending, true]);

async function eventsOf({ stage }: Journey): Promise<readonly RunEvent[]> {
  const records = await stage.store.journal.read(runId('rehearsal'), 0);
  return records.map((each) => recall<RunEvent>(each.event));
}

/** What we sent that is not declared read-only, from the transcripts that we kept. */
async function changingLines({ stage, scenario }: Journey): Promise<readonly string[]> {
  const { dialect } = scenario.one.driver.platform;
  const ways = new Set(dialect.moves.map((each) => each.send));
  const rows = await stage.store.rows('artefact');
  return rows
    .filter((row) => row.key.endsWith('/transcript'))
    .flatMap(({ value }) => recall<{ entries: readonly { sent: string }[] }>(value).entries)
    .map((entry) => entry.sent)
    .filter(
      (line) => line !== '' && !ways.has(line) && !dialect.readOnly.some((each) => each.test(line)),
    );
}

/** What changes a device, in the order in which it got there. */
function changesOn(journey: Journey): readonly string[] {
  const { dialect } = journey.scenario.one.driver.platform;
  const ways = new Set(dialect.moves.map((each) => each.send));
  return journey.scenario.units.map((unit) =>
    typedLines(journey)
      .filter(({ device, line }) => device === unit && line !== '' && !ways.has(line))
      .map(({ line }) => line)
      .filter((line) => !dialect.readOnly.some((each) => each.test(line)))
      .join('\n')
      .replaceAll(/[\da-f]{32}\//g, 'once/'),
  );
}

describe.each(everyScenario)('a person who upgrades %s by hand', (_name, scenario) => {
  test.each(['self', 'let'] as const)(
    'gets every unit to done by typing exactly what is shown (copies: %s)',
    async (manual) => {
      const model = await conduct(scenario);
      const journey = await conduct(scenario, { manual });
      expect(endings(journey)).toEqual(every(journey, 'done'));
      expect(findings(journey, model)).toEqual([]);
      expect(changesOn(journey)).toEqual(changesOn(model));
    },
  );

  test('sees nothing sent by us that changes a device', async () => {
    const journey = await conduct(scenario, { manual: 'self' });
    const asked = (await eventsOf(journey)).filter((each) => each.kind === 'step-intent');
    expect(asked.filter((each) => each.asks).length).toBeGreaterThan(0);
    expect(await changingLines(journey)).toEqual([]);
    expect((await changingLines(await conduct(scenario))).length).toBeGreaterThan(0);
  });
});

describe.each(loneScenarios)('a runner that dies while a person upgrades %s', (_name, scenario) => {
  test('asks again after looking, and asks for nothing that is there', async () => {
    const model = await conduct(scenario, { manual: 'let' });
    const points = { 'step-intent': 'crash-after', 'step-acted': 'crash-before' } as const;
    const deaths = model.appends.flatMap((kinds, at) =>
      kinds === 'step-intent' || kinds === 'step-acted'
        ? [{ nth: at + 1, point: points[kinds] }]
        : [],
    );
    // One step's before it is done, the next one's after; all of both only where `.ci/run` asks for that.
    const chosen = deaths.filter((_, at) => EVERY_BOUNDARY || at % 4 === 0 || at % 4 === 3);
    expect(chosen.length).toBeGreaterThan(1);
    for (const crash of chosen) {
      const journey = await conduct(scenario, { manual: 'let', crash });
      expect(journey.crashed).toBe(true);
      const at = `${crash.point} ${crash.nth}`;
      expect([at, findings(journey, model)]).toEqual([at, []]);
    }
  }, 60_000);
});

describe.each(confirmed)('a person who patches %s by hand', (_name, { scenario, sample }) => {
  test('changes it for good', async () => {
    const journey = await conduct(scenario, { manual: 'self' });
    expect(endings(journey)).toEqual(every(journey, 'done'));
    const model = await conduct(scenario);
    expect(withPatch(journey, sample)).toEqual(withPatch(model, sample));
    expect(await changingLines(journey)).toEqual([]);
    expect(strayLines(journey)).toEqual([]);
  });
});

describe.each(takenBack)('a patch of %s by hand whose check fails', (_name, each) => {
  test('is taken back by hand', async () => {
    const journey = await conduct(each.scenario, { manual: 'self' });
    expect(endings(journey)).toEqual(every(journey, 'reverted'));
    expect(withPatch(journey, each.sample)).toEqual(
      each.scenario.units.map(() => 'runs without, boots without'),
    );
    expect(await changingLines(journey)).toEqual([]);
  });
});
