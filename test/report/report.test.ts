import { describe, expect, test } from '@jest/globals';
import { runId, unitId } from '../../src/kernel/id.js';
import { toJson } from '../../src/kernel/recall.js';
import { decisionRow } from '../../src/review/approval.js';
import { gatherReport } from '../../src/report/report.js';
import { renderJson } from '../../src/report/render-json.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { fixedClock } from '../store/fixed-clock.js';
import { decisionOf, HOUR, RUN, snapshotOf, storyOf, type RunStory } from './run-story.js';

/** Puts the whole story where a real run would have left it. */
async function storedIn(story: RunStory) {
  const store = createMemoryStore(fixedClock(story.nowMs));
  const { plan, snapshots, transcripts, nowMs } = story;
  await store.put('plan', { key: plan.digest, atMs: 0, value: toJson(plan) });
  const epoch = await store.journal.takeOver(RUN);
  for (const { atMs, event } of story.records)
    await store.journal.append(RUN, epoch, [{ atMs, event }]);
  for (const [unit, taken] of snapshots) {
    for (const { when, atMs, snapshot } of taken) {
      const value = { when, digest: 'd', snapshot: toJson(snapshot) };
      await store.put('snapshot', { key: `${RUN}/${unit}/${when}`, atMs, value });
    }
  }
  for (const [unit, entries] of transcripts) {
    const value = { entries: entries.map((each) => toJson(each)) };
    await store.put('artefact', { key: `${RUN}/${unit}/transcript`, atMs: nowMs, value });
  }
  await store.put('approval', decisionRow(decisionOf(plan, 'bea', 'approve')));
  await store.put('rehearsal', { key: plan.digest, atMs: 5, value: { passed: true, seed: 's1' } });
  return store;
}

describe('gathering a report', () => {
  test('reads from the store what the pure report is made from', async () => {
    const story = storyOf(['sw1', 'sw2']).start().upgrade('sw1').revert('sw2');
    story.said('sw1', 'show version', 'it is 4.32.2F').tell({ kind: 'run-finished' });
    const report = await gatherReport(await storedIn(story), RUN, { nowMs: story.nowMs });
    const decisions = [decisionOf(story.plan, 'bea', 'approve')];
    const rehearsal = { atMs: 5, value: { passed: true, seed: 's1' } };
    const expected = story.report({ decisions, rehearsal });
    expect({ ...report, journal: null }).toEqual({ ...expected, journal: null });
    expect(report.journal.records).toBe(story.records.length);
    expect(report.units[0]!.transcript.kept[0]!.received).toBe('it is 4.32.2F');
  });

  test('names the runs that there are when asked for another', async () => {
    const store = await storedIn(storyOf(['sw1']).start());
    await expect(gatherReport(store, runId('other'))).rejects.toMatchObject({
      code: 'usage',
      mend: `known: ${RUN}`,
    });
  });

  test('refuses a stored plan that was edited', async () => {
    const story = storyOf(['sw1']).start();
    const store = await storedIn(story);
    const edited = { ...story.plan, body: { ...story.plan.body, rollback: 'hold' } };
    await store.put('plan', { key: story.plan.digest, atMs: 1, value: toJson(edited) });
    await expect(gatherReport(store, RUN)).rejects.toMatchObject({ code: 'plan-tampered' });
  });

  test('says whether each signature verifies when it is given a signer', async () => {
    const story = storyOf(['sw1']).start();
    const store = await storedIn(story);
    const forged = decisionOf(story.plan, 'carl', 'approve', { signature: 'forged' });
    await store.put('approval', decisionRow(forged));
    const signer = { verify: (_: string, __: string, signature: string) => signature !== 'forged' };
    const { decisions } = await gatherReport(store, RUN, { signer });
    expect(decisions.map((each) => each.signature)).toEqual(['verified', 'does not verify']);
  });
});

describe('a report', () => {
  test('comes back from its JSON as it was', () => {
    const story = storyOf(['sw1', 'sw2']).start().upgrade('sw1').revert('sw2').admit('sw2');
    const report = story.report();
    expect(JSON.parse(renderJson(report))).toEqual({ kind: 'report@1', ...report });
  });

  test('tells the way of a unit through its states, each from when to when', () => {
    const { path } = storyOf(['sw1']).start().upgrade('sw1').report().units[0]!;
    expect(path.map((each) => each.kind)).toEqual([
      'checking',
      'staging',
      'verified',
      'draining',
      'armed',
      'reloading',
      'returning',
      'settling',
      'committed',
      'done',
    ]);
    for (const [index, each] of path.slice(0, -1).entries()) {
      expect(each.untilMs).toBe(path[index + 1]!.fromMs);
    }
  });

  test('lists the steps of the rollback only for a unit that was rolled back', () => {
    const report = storyOf(['sw1', 'sw2']).start().upgrade('sw1').revert('sw2').report();
    const lists = report.units.map((each) => new Set(each.steps.map((step) => step.list)));
    expect(lists.map((each) => each.has('rollback'))).toEqual([false, true]);
    expect(report.units[1]!.rollbackWhy).toBe('version: it booted 4.30.5M');
  });

  test('names what is gone and what is new between before and after', () => {
    const story = storyOf(['sw1']).start().admit('sw1').look('sw1', 'before');
    const after = snapshotOf({
      version: '4.32.2F',
      interfaces: [
        { id: 'Ethernet1', admin: 'up', oper: 'up' },
        { id: 'Ethernet2', admin: 'up', oper: 'down' },
        { id: 'Ethernet3', admin: 'up', oper: 'up' },
        { id: 'Ethernet4', admin: 'up', oper: 'up' },
      ],
      peers: [],
      routes: { total: 200 },
    });
    const { comparison } = story.wait(HOUR).look('sw1', 'after', after).report().units[0]!;
    const of = (aspect: string) => comparison?.aspects.find((each) => each.aspect === aspect);
    expect(of('interfaces')).toMatchObject({
      gone: ['Ethernet2'],
      new: ['Ethernet4'],
      worse: true,
    });
    expect(of('routing peers')).toMatchObject({ gone: ['bgp 10.0.0.1'], worse: true });
    expect(of('routes')).toMatchObject({ before: '214', after: '200', worse: true });
    expect(of('neighbours')).toMatchObject({ gone: [], new: [], worse: false });
  });

  test('marks a decision that the same person replaced and one from off the roster', () => {
    const { plan, ...story } = storyOf(['sw1']);
    const decisions = [
      decisionOf(plan, 'bea', 'reject'),
      decisionOf(plan, 'bea', 'approve', { atMs: plan.body.createdAtMs + 2 * HOUR }),
      decisionOf(plan, 'mallory', 'approve', { atMs: plan.body.createdAtMs + 3 * HOUR }),
    ];
    const report = Object.assign(storyOf(['sw1']), story).report({ decisions });
    expect(report.decisions.map((each) => [each.by, each.superseded, each.onRoster])).toEqual([
      ['bea', true, true],
      ['bea', false, true],
      ['mallory', false, false],
    ]);
  });

  test('keeps the newest exchanges of a huge transcript and says what is missing', () => {
    const story = storyOf(['sw1']).start().admit('sw1');
    for (let index = 0; index < 100; index += 1)
      story.said('sw1', `show ${index}`, 'x'.repeat(50_000));
    const { transcript } = story.report().units[0]!;
    expect(transcript.exchanges).toBe(100);
    expect(transcript.kept.at(-1)!.sent).toBe('show 99');
    expect(JSON.stringify(transcript).length).toBeLessThan(300_000);
    expect(transcript.note).toMatch(/oldest exchanges are left out; .* shortened/);
  });

  test('counts for nothing what the journal says of a unit outside the plan', () => {
    const story = storyOf(['sw1'])
      .start()
      .tell({ kind: 'unit-admitted', unit: unitId('other'), wave: 0 });
    expect(story.report().units.map((each) => each.unit)).toEqual(['sw1']);
  });
});
