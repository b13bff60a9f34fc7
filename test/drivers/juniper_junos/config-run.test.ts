import { describe, expect, test } from '@jest/globals';
import { config } from '../../../drivers/juniper_junos/config.js';
import { applyLines } from '../../../src/config/apply.js';
import { diffConfig } from '../../../src/config/diff.js';
import { parseConfig } from '../../../src/config/parse.js';
import { patchLines } from '../../../src/config/patch.js';
import type { ConfigTree } from '../../../src/config/tree.js';
import type { Step } from '../../../src/driver/step.js';
import { bench } from './bench.js';
import { recorded } from './recorded.js';

const MINUTE_MS = 60_000;
const PATCH = [
  'set snmp location "ring 2"',
  'set snmp contact noc',
  'set protocols ospf reference-bandwidth 100g',
];

function treeOf(parsed: ReturnType<typeof parseConfig>): ConfigTree {
  if (parsed.kind === 'tree') return parsed.tree;
  throw new Error(parsed.findings[0]?.why);
}

/** A device, and the steps of a patch that was worked out against what it runs. */
function patching(file: string, patch: readonly string[] = PATCH) {
  const transcript = recorded(file);
  const device = bench(transcript);
  const before = treeOf(parseConfig(device.device().runningConfig, config.rules));
  const after = treeOf(applyLines(before, patch, config.rules));
  const proposal = config.propose(
    {
      apply: patchLines(before, after, config.rules),
      revert: patchLines(after, before, config.rules),
      delta: diffConfig(before, after, config.rules),
      revertAfterMs: 20 * MINUTE_MS,
      guarded: [],
    },
    transcript.facts,
  );
  if (proposal.kind !== 'steps') throw new Error(proposal.why);
  const [, apply, confirm] = proposal.steps;
  const [revert] = proposal.rollback;
  if (!apply || !confirm || !revert) throw new Error('steps are missing');
  const isChanged = () => device.device().runningConfig.includes('reference-bandwidth 100g');
  return { device, apply, confirm, revert, isChanged, was: device.device().runningConfig };
}

const withoutStamp = (text: string) => text.replaceAll(/^## .*\n/gm, '');

describe.each(['mx-single-before', 'mx-dual-before'])('a patch of %s', (file) => {
  test('is applied, confirmed and there for good', async () => {
    const { device, apply, confirm, isChanged } = patching(file);
    expect(await device.run(apply)).toEqual({ answer: 'done', why: 'the change is in force' });
    expect(await device.probe(confirm)).toMatchObject({ answer: 'absent' });
    expect(await device.run(confirm)).toMatchObject({ answer: 'done' });
    await device.sim.scheduler.advance(60 * MINUTE_MS);
    expect(isChanged()).toBe(true);
  });

  test('goes by itself when nobody confirms it, and is not made again', async () => {
    const { device, apply, confirm, isChanged, was } = patching(file);
    await device.probe(apply);
    const intentAtMs = device.sim.scheduler.nowMs();
    await device.act(apply);
    await device.sim.scheduler.advance(30 * MINUTE_MS);
    expect(isChanged()).toBe(false);
    expect(withoutStamp(device.device().runningConfig)).toBe(withoutStamp(was));
    expect(await device.probe(apply, intentAtMs)).toMatchObject({ answer: 'failed' });
    expect(await device.probe(confirm)).toMatchObject({ answer: 'failed' });
  });

  test('is taken back while it waits, by rollback 1', async () => {
    const { device, apply, revert, was } = patching(file);
    await device.run(apply);
    device.sent.length = 0;
    expect(await device.run(revert)).toMatchObject({ answer: 'done' });
    expect(device.sent[1]).toBe('rollback 1');
    expect(device.sent).not.toContain('delete protocols ospf reference-bandwidth');
    await device.sim.scheduler.advance(60 * MINUTE_MS);
    expect(withoutStamp(device.device().runningConfig)).toBe(withoutStamp(was));
  });

  test('is taken back line by line once it is confirmed, and what others changed stays', async () => {
    const { device, apply, confirm, revert } = patching(file);
    await device.run(apply);
    await device.run(confirm);
    for (const line of ['configure', 'set system domain-name lab.example', 'commit', 'exit'])
      await device.type(line);
    device.sent.length = 0;
    expect(await device.run(revert)).toMatchObject({ answer: 'done' });
    expect(device.sent).not.toContain('rollback 1');
    expect(device.device().runningConfig).toContain('domain-name lab.example;');
    expect(device.device().runningConfig).not.toContain('reference-bandwidth');
  });

  test('needs nothing taken back where nothing was done', async () => {
    const { device, revert } = patching(file);
    expect(await device.probe(revert)).toMatchObject({ answer: 'done' });
  });
});

describe('a candidate that somebody else has changed', () => {
  const foreign = async (step: (of: ReturnType<typeof patching>) => Step) => {
    const of = patching('mx-single-before');
    await of.device.type('configure');
    await of.device.type('set system domain-name theirs.example');
    await of.device.type('exit configuration-mode');
    of.device.hangUp();
    return { of, act: await of.device.act(step(of)) };
  };

  test('keeps ours from being typed', async () => {
    const { of, act } = await foreign((each) => each.apply);
    expect(act).toMatchObject({ kind: 'refused' });
    expect(of.device.sent).toEqual(['configure exclusive']);
    expect(of.isChanged()).toBe(false);
  });

  test('is not discarded', async () => {
    const { of } = await foreign((each) => each.apply);
    await of.device.type('configure');
    const shown = await of.device.type('show | compare');
    expect(shown.text).toContain('theirs.example');
  });
});

test('a statement that the device refuses leaves neither a change nor a candidate behind', async () => {
  const { device, apply } = patching('mx-single-before');
  const bad: Step = {
    ...apply,
    commands: apply.commands.map((each) =>
      each.send.includes('location') ? { ...each, send: 'set smnp location x' } : each,
    ),
  };
  expect(await device.act(bad)).toMatchObject({ kind: 'refused' });
  expect(device.sent.slice(-2)).toEqual(['rollback 0', 'exit configuration-mode']);
  expect(await device.probe(apply)).toMatchObject({ answer: 'absent' });
  expect(await device.run(apply)).toEqual({ answer: 'done', why: 'the change is in force' });
});
