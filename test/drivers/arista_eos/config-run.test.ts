import { describe, expect, test } from '@jest/globals';
import {
  outcomesOf,
  rehearse,
  setStage,
  stageConductor,
  type RehearsalInputs,
} from '../../../lab/rehearse/rehearse.js';
import { rehearsalWorld } from '../../../lab/rehearse/rehearsal-world.js';
import type { Plan } from '../../../src/plan/plan.js';
import { SimulatedCrash } from '../../../src/store/memory-store.js';
import { labNetwork, labPlaybook, specs } from '../../rehearse/network.js';

const LIST = 'ip access-list NTP-CLIENTS\n   10 permit ip 10.1.0.0/16 any\n   20 deny ip any any\n';
const PATCH = [
  'ntp server 192.0.2.10 prefer',
  'ntp server 192.0.2.11',
  'ip access-list NTP-CLIENTS',
  '   15 permit ip 10.2.0.0/16 any',
  '',
].join('\n');
const NEVER = 'after.cpu.percent > 100';

const acc1 = specs.filter((each) => each.id === 'acc1').map((each) => ({ ...each, config: LIST }));

function playbookFor(text: string, that?: string) {
  const { firmware: _, ...rest } = labPlaybook();
  const patch = { name: 'ntp', templates: [{ file: 'ntp.hbs', text }], vars: {} };
  const after = that === undefined ? [] : [{ name: 'as we want it', that, withinMs: 60_000 }];
  return { ...rest, config: [patch], checks: { before: [], after } };
}

async function network(text = PATCH, that?: string) {
  return labNetwork({ chosen: acc1, playbook: playbookFor(text, that) });
}

function deviceAfter(result: Awaited<ReturnType<typeof rehearse>>) {
  const { runningConfig, startupConfig, own } = result.world.deviceState('acc1');
  return { running: runningConfig, startup: startupConfig, sessions: own['sessions'] };
}

const hasPatch = (text: string) =>
  ['ntp server 192.0.2.10 prefer', 'ntp server 192.0.2.11', '15 permit ip 10.2.0.0/16 any'].map(
    (each) => text.includes(each),
  );

const ALL = [true, true, true];
const NONE = [false, false, false];

describe('a patch on EOS', () => {
  test('is planned with its diff and every line that will be typed', async () => {
    const { plan } = await network();
    const [unit] = plan.body.units;
    expect(plan.body.leftOut).toEqual([]);
    expect(unit?.config).toMatchObject({ guarded: [], revertBy: 'commit-confirmed' });
    const signed = unit?.config?.diff.filter(({ sign }) => sign !== ' ');
    expect(signed?.map(({ sign, text }) => sign + text)).toEqual([
      '+15 permit ip 10.2.0.0/16 any',
      '+ntp server 192.0.2.10 prefer',
      '+ntp server 192.0.2.11',
    ]);
    const apply = unit?.steps.find(({ id }) => id === 'apply-config');
    const [drop = '', ...lines] = apply?.commands.map(({ send }) => send) ?? [];
    expect(drop).toMatch(/^configure session nightshift-[0-9a-f]{12} abort$/);
    expect(lines).toEqual([
      drop.replace(' abort', ''),
      'ip access-list NTP-CLIENTS',
      '   15 permit ip 10.2.0.0/16 any',
      '   exit',
      'ntp server 192.0.2.10 prefer',
      'ntp server 192.0.2.11',
      'commit timer 00:11:00',
      'abort',
    ]);
  });

  test('that touches our way in is flagged', async () => {
    const { plan } = await network('interface Management1\n   description out of band\n');
    expect(plan.body.units[0]?.config?.guarded).toEqual([
      'it changes the management port Management1',
    ]);
  });

  test.each(['boot system flash:EOS.swi', 'reload now', 'write memory', 'configure session x'])(
    'that holds "%s" is refused',
    async (line) => {
      await expect(network(`${PATCH}${line}\n`)).rejects.toThrow(`"${line}" is no configuration`);
    },
  );

  test('is applied, checked, confirmed and saved', async () => {
    const result = await rehearse(await network());
    expect(result.units).toMatchObject([{ unit: 'acc1', ended: 'done', isTrue: true }]);
    const { running, startup, sessions } = deviceAfter(result);
    expect(hasPatch(running)).toEqual(ALL);
    expect(startup).toBe(running);
    expect(sessions).toMatchObject([{ state: 'completed' }]);
  });

  test('whose check fails is taken back: nothing of it runs, nothing was saved', async () => {
    const result = await rehearse(await network(PATCH, NEVER));
    expect(result.units).toMatchObject([{ ended: 'reverted', isTrue: true }]);
    const { running, startup, sessions } = deviceAfter(result);
    expect(hasPatch(running)).toEqual(NONE);
    expect(startup).toBe(running);
    expect(sessions).toEqual([]);
  });

  test('with a line that the device refuses changes nothing', async () => {
    const result = await rehearse(await network(`${PATCH}wombat on\n`));
    expect(result.units[0]?.why).toContain('Invalid input');
    const { running, startup, sessions } = deviceAfter(result);
    expect(hasPatch(running)).toEqual(NONE);
    expect(startup).toBe(running);
    expect(sessions).toEqual([]);
  });

  const breaks = ['^configure session \\S+$', 'ntp server', '^commit timer', ' commit$', '^write'];
  test.each(breaks.flatMap((line) => ['before', 'after'].map((when) => [when, line] as const)))(
    'whose session breaks %s "%s" is settled by looking',
    async (when, command) => {
      const strike = { fault: `session-dropped-${when}`, device: 'acc1', params: { command } };
      const result = await rehearse({ ...(await network()), faults: [strike] });
      expect(result.units).toMatchObject([{ ended: 'done', isTrue: true }]);
      const { running, startup, sessions } = deviceAfter(result);
      expect(hasPatch(running)).toEqual(ALL);
      expect(startup).toBe(running);
      expect(sessions).toMatchObject([{ state: 'completed' }]);
    },
  );

  test('whose rollback breaks off is taken back all the same', async () => {
    for (const when of ['before', 'after']) {
      const params = { command: 'abort$' };
      const strike = { fault: `session-dropped-${when}`, device: 'acc1', params };
      const result = await rehearse({ ...(await network(PATCH, NEVER)), faults: [strike] });
      expect(result.units).toMatchObject([{ ended: 'reverted', isTrue: true }]);
      expect(hasPatch(deviceAfter(result).running)).toEqual(NONE);
    }
  });
});

/** Runs until the change is in force, and no further: the controller is gone. */
async function abandoned(inputs: RehearsalInputs & { readonly plan: Plan }) {
  const storeOptions = {
    onAppend: (_run: unknown, entries: readonly { readonly event: unknown }[]) => {
      const isIt = entries.some(({ event }) => {
        const { kind, id } = event as { kind: string; id?: string };
        return kind === 'step-done' && id === 'apply-config';
      });
      return isIt ? ('crash-after' as const) : undefined;
    },
  };
  const stage = await setStage({ ...inputs, storeOptions });
  const first = async () => (await stageConductor(inputs, stage, stage.world)).drive();
  await expect(stage.sim.scheduler.drain(first())).rejects.toThrow(SimulatedCrash);
  stage.sim.replaceController();
  return stage;
}

describe('a patch that nobody confirms', () => {
  test('goes back by itself, and the run that wakes up later says so', async () => {
    const inputs = await network();
    const stage = await abandoned(inputs);
    const look = () => stage.sim.deviceState('acc1');
    expect(hasPatch(look().runningConfig)).toEqual(ALL);
    expect(hasPatch(look().startupConfig)).toEqual(NONE);
    await stage.sim.scheduler.advance(12 * 60_000);
    expect(hasPatch(look().runningConfig)).toEqual(NONE);
    expect(look().runningConfig).toBe(look().startupConfig);
    expect(JSON.stringify(look().own['log'])).toContain('COMMIT_TIMER_TIMEDOUT');
    const world = rehearsalWorld(stage.sim, stage.store.reopen());
    const second = async () => (await stageConductor(inputs, stage, world)).drive();
    const state = await stage.sim.scheduler.drain(second());
    expect(outcomesOf(stage, state, inputs.inventory)).toMatchObject([{ ended: 'reverted' }]);
    expect(hasPatch(look().runningConfig)).toEqual(NONE);
  });

  test('is confirmed when the run comes back in time', async () => {
    const inputs = await network();
    const stage = await abandoned(inputs);
    await stage.sim.scheduler.advance(5 * 60_000);
    const world = rehearsalWorld(stage.sim, stage.store.reopen());
    const second = async () => (await stageConductor(inputs, stage, world)).drive();
    const state = await stage.sim.scheduler.drain(second());
    expect(outcomesOf(stage, state, inputs.inventory)).toMatchObject([{ ended: 'done' }]);
    expect(hasPatch(stage.sim.deviceState('acc1').startupConfig)).toEqual(ALL);
  });
});
