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

const ARCHIVE = 'archive\n path flash:archive\n maximum 10\n';
const LIST = 'ip access-list extended NTP-CLIENTS\n 10 permit ip 10.1.0.0 0.0.255.255 any\n';
const PATCH = [
  'ntp server 192.0.2.10 prefer',
  'router bgp 65010',
  ' address-family ipv4',
  '  neighbor 192.0.2.77 activate',
  ' exit-address-family',
  'ip access-list extended NTP-CLIENTS',
  ' 20 permit ip 10.2.0.0 0.0.255.255 any',
  'ntp server 192.0.2.11',
  '',
].join('\n');
const WORDS = ['192.0.2.10 prefer', 'neighbor 192.0.2.77', '20 permit ip 10.2', '192.0.2.11'];
const NEVER = 'after.cpu.percent > 100';
const UNIT = 'stack1';

/** How the stack takes a change back, by what it is configured with. */
const methods = [
  ['archive', ARCHIVE],
  ['reload', ''],
] as const;

function playbookFor(text: string, that?: string) {
  const { firmware: _, ...rest } = labPlaybook();
  const patch = { name: 'ntp', templates: [{ file: 'ntp.hbs', text }], vars: {} };
  const after = that === undefined ? [] : [{ name: 'as we want it', that, withinMs: 60_000 }];
  return { ...rest, config: [patch], checks: { before: [], after } };
}

const chosenWith = (config: string) =>
  specs.filter((each) => each.id === UNIT).map((each) => ({ ...each, config }));

async function network(besides: string, text = PATCH, that?: string) {
  const chosen = chosenWith(`router bgp 65010\n${LIST}${besides}`);
  return labNetwork({ chosen, playbook: playbookFor(text, that) });
}

type Lab = Pick<Awaited<ReturnType<typeof rehearse>>['world'], 'deviceState'>;

function deviceAfter(world: Lab) {
  const { runningConfig, startupConfig, own, bootCount } = world.deviceState(UNIT);
  const { revert, scheduled } = own;
  return {
    running: runningConfig,
    startup: startupConfig,
    guards: { revert, scheduled },
    bootCount,
  };
}

const has = (text: string) => WORDS.map((each) => text.includes(each));
const ALL = WORDS.map(() => true);
const NONE = WORDS.map(() => false);
const UNGUARDED = { revert: null, scheduled: null };
const stepOf = (plan: Plan, id: string) =>
  [...(plan.body.units[0]?.steps ?? []), ...(plan.body.units[0]?.rollback ?? [])].find(
    (each) => each.id === id,
  );
const linesOf = (plan: Plan, id: string) => stepOf(plan, id)?.commands.map(({ send }) => send);

describe('a patch on IOS-XE', () => {
  test('with an archive is planned under the timed rollback, line by line', async () => {
    const { plan } = await network(ARCHIVE);
    const [unit] = plan.body.units;
    expect(plan.body.leftOut).toEqual([]);
    expect(unit?.config?.revertBy).toBe('timed-revert');
    expect(unit?.config?.guarded).toEqual([
      'it changes the routing or switching, and the address that we come by is not on a management port',
    ]);
    expect(linesOf(plan, 'apply-config')).toEqual([
      'configure revert now',
      'configure terminal revert timer 11',
      'router bgp 65010',
      ' address-family ipv4',
      '  neighbor 192.0.2.77 activate',
      '  exit',
      ' exit',
      'ip access-list extended NTP-CLIENTS',
      ' 20 permit ip 10.2.0.0 0.0.255.255 any',
      ' exit',
      'ntp server 192.0.2.10 prefer',
      'ntp server 192.0.2.11',
      'end',
    ]);
    expect(linesOf(plan, 'confirm-config')).toEqual(['configure confirm']);
    expect(linesOf(plan, 'rollback-config')?.[0]).toBe('configure revert now');
    expect(unit?.steps.map(({ id }) => id)).toEqual([
      'backup-config',
      'apply-config',
      'confirm-config',
      'save-config-after',
    ]);
  });

  test('without one is planned under a scheduled reload, whose outage the minutes hold', async () => {
    const { plan } = await network('');
    const [unit] = plan.body.units;
    expect(unit?.config).toMatchObject({ revertBy: 'reload' });
    expect(linesOf(plan, 'schedule-reload')?.[0]).toMatch(/^reload in 11 nightshift-[0-9a-f]{12}$/);
    expect(stepOf(plan, 'schedule-reload')?.disrupts).toBe('whole device');
    expect(linesOf(plan, 'apply-config')?.[0]).toBe('configure terminal');
    expect(linesOf(plan, 'apply-config')?.at(-1)).toBe('end');
    expect(linesOf(plan, 'confirm-config')).toEqual(['reload cancel']);
    expect(linesOf(plan, 'rollback-config')?.at(-1)).toBe('reload cancel');
    const archived = (await network(ARCHIVE)).plan.body.units[0];
    const more = (unit?.rollbackWorstMs ?? 0) - (archived?.rollbackWorstMs ?? 0);
    expect(more).toBeGreaterThanOrEqual(45 * 60_000);
  });

  test.each([
    'reload in 5',
    'do write',
    'boot system flash:x.bin',
    'configure replace flash:x force',
  ])('that holds "%s" is refused', async (line) => {
    await expect(network(ARCHIVE, `${PATCH}${line}\n`)).rejects.toThrow('is no configuration');
  });

  test.each(methods)('is applied, checked, confirmed and saved (%s)', async (_method, besides) => {
    const result = await rehearse(await network(besides));
    expect(result.units).toMatchObject([{ unit: UNIT, ended: 'done', isTrue: true }]);
    const { running, startup, guards, bootCount } = deviceAfter(result.world);
    expect(has(running)).toEqual(ALL);
    expect(startup).toBe(running);
    expect(guards).toEqual(UNGUARDED);
    expect(bootCount).toBe(1);
  });

  test.each(methods)('whose check fails is taken back, unsaved (%s)', async (_method, besides) => {
    const result = await rehearse(await network(besides, PATCH, NEVER));
    expect(result.units).toMatchObject([{ ended: 'reverted', isTrue: true }]);
    const { running, startup, guards, bootCount } = deviceAfter(result.world);
    expect(has(running)).toEqual(NONE);
    expect(startup).toBe(running);
    expect(guards).toEqual(UNGUARDED);
    expect(bootCount).toBe(1);
  });

  test.each(methods)(
    'with a line that is refused is taken back at once (%s)',
    async (_m, besides) => {
      const result = await rehearse(await network(besides, `${PATCH}wombat on\n`));
      expect(result.units[0]).toMatchObject({ ended: 'reverted', isTrue: true });
      expect(result.units[0]?.why).toContain('"wombat on": % Invalid input detected');
      const { running, startup, guards, bootCount } = deviceAfter(result.world);
      expect(has(running)).toEqual(NONE);
      expect(startup).toBe(running);
      expect(guards).toEqual(UNGUARDED);
      expect(bootCount).toBe(1);
    },
  );

  const breaks = [
    ['archive', '^configure terminal revert', 'done'],
    ['archive', 'ntp server 192.0.2.10', 'done'],
    ['archive', '^end$', 'done'],
    ['archive', '^configure confirm', 'done'],
    ['archive', '^write', 'done'],
    ['reload', '^reload in', 'done'],
    ['reload', '^configure terminal', 'done'],
    ['reload', 'ntp server 192.0.2.10', 'reverted'],
    ['reload', '^end$', 'done'],
    ['reload', '^reload cancel', 'done'],
    ['reload', '^write', 'done'],
  ] as const;
  test.each(breaks.flatMap((each) => ['before', 'after'].map((when) => [...each, when] as const)))(
    'under %s whose session breaks at "%s" ends %s (%s)',
    async (method, command, ended, when) => {
      const besides = method === 'archive' ? ARCHIVE : '';
      const strike = { fault: `session-dropped-${when}`, device: UNIT, params: { command } };
      const result = await rehearse({ ...(await network(besides)), faults: [strike] });
      expect(result.units).toMatchObject([{ ended, isTrue: true }]);
      const { running, startup, guards, bootCount } = deviceAfter(result.world);
      expect(has(running)).toEqual(ended === 'done' ? ALL : NONE);
      expect(startup).toBe(running);
      expect(guards).toEqual(UNGUARDED);
      expect(bootCount).toBe(1);
    },
  );

  test.each(methods)(
    'whose rollback breaks off is taken back all the same (%s)',
    async (method, besides) => {
      const command = method === 'archive' ? '^configure revert now' : '^reload cancel';
      for (const when of ['before', 'after']) {
        const strike = { fault: `session-dropped-${when}`, device: UNIT, params: { command } };
        const inputs = { ...(await network(besides, PATCH, NEVER)), faults: [strike] };
        const result = await rehearse(inputs);
        expect(result.units).toMatchObject([{ ended: 'reverted', isTrue: true }]);
        expect(has(deviceAfter(result.world).running)).toEqual(NONE);
        expect(deviceAfter(result.world).guards).toEqual(UNGUARDED);
      }
    },
  );
});

describe('a patch on IOS-XE beside an upgrade', () => {
  test.each(methods)('is confirmed before the release is committed (%s)', async (_m, besides) => {
    const config = `router bgp 65010\n${LIST}${besides}`;
    const playbook = { ...playbookFor(PATCH), firmware: { kind: 'golden' as const } };
    const inputs = await labNetwork({ chosen: chosenWith(config), playbook });
    const result = await rehearse(inputs);
    expect(result.units).toMatchObject([{ ended: 'done', isTrue: true, runs: '17.12.4' }]);
    const { running, startup, guards, bootCount } = deviceAfter(result.world);
    expect(has(running)).toEqual(ALL);
    expect(startup).toBe(running);
    expect(guards).toEqual(UNGUARDED);
    expect(bootCount).toBe(2);
  });
});

test('a twin is made of a whole recorded configuration, and goes back as its original does', async () => {
  const recorded = [
    'Building configuration...',
    '',
    'Current configuration : 612 bytes',
    '!',
    '! Last configuration change at 10:12:31 UTC Fri Nov 20 2026 by ops',
    '!',
    'version 17.9',
    '!',
    'hostname stack1',
    '!',
    'username ops privilege 15 secret 9 $9$2Mf3X.0Vw1ZtVk$hidden',
    ARCHIVE.trimEnd(),
    'router bgp 65010',
    LIST.trimEnd(),
    'line con 0',
    ' stopbits 1',
    'line vty 0 4',
    ' login local',
    'end',
    '',
  ].join('\n');
  const inputs = await labNetwork({ chosen: chosenWith(recorded), playbook: playbookFor(PATCH) });
  expect(inputs.plan.body.units[0]?.config?.revertBy).toBe('timed-revert');
  const result = await rehearse(inputs);
  expect(result.units).toMatchObject([{ ended: 'done', isTrue: true }]);
  const { running } = deviceAfter(result.world);
  expect(has(running)).toEqual(ALL);
  expect(running.match(/^(?:hostname|version|end|line con 0)\b/gm)).toEqual([
    'version',
    'hostname',
    'line con 0',
    'end',
  ]);
});

/** Runs until `kind` of the application is in the journal, and no further: the controller is gone. */
async function abandoned(inputs: RehearsalInputs & { readonly plan: Plan }, after: string) {
  const storeOptions = {
    onAppend: (_run: unknown, entries: readonly { readonly event: unknown }[]) => {
      const isIt = entries.some(({ event }) => {
        const { kind, id } = event as { kind: string; id?: string };
        return kind === after && id === 'apply-config';
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

async function resumed(
  inputs: RehearsalInputs & { readonly plan: Plan },
  stage: Awaited<ReturnType<typeof setStage>>,
) {
  const world = rehearsalWorld(stage.sim, stage.store.reopen());
  const second = async () => (await stageConductor(inputs, stage, world)).drive();
  const state = await stage.sim.scheduler.drain(second());
  return outcomesOf(stage, state, inputs.inventory);
}

describe('a patch on IOS-XE that nobody confirms', () => {
  test.each([
    ['archive', ARCHIVE, 1],
    ['reload', '', 2],
  ] as const)(
    'goes back by itself, and the run that wakes up says so (%s)',
    async (_method, besides, boots) => {
      const inputs = await network(besides);
      const stage = await abandoned(inputs, 'step-done');
      expect(has(deviceAfter(stage.sim).running)).toEqual(ALL);
      expect(has(deviceAfter(stage.sim).startup)).toEqual(NONE);
      await stage.sim.scheduler.advance(60 * 60_000);
      const { running, startup, guards, bootCount } = deviceAfter(stage.sim);
      expect(has(running)).toEqual(NONE);
      expect(startup).toBe(running);
      expect(guards).toEqual(UNGUARDED);
      expect(bootCount).toBe(boots);
      const outcomes = await resumed(inputs, stage);
      expect(outcomes).toMatchObject([{ ended: 'reverted', isTrue: true }]);
      expect(deviceAfter(stage.sim).bootCount).toBe(boots);
    },
  );

  test.each(methods)(
    'and whose session broke in the middle is seen to be gone (%s)',
    async (_method, besides) => {
      const params = { command: 'ntp server 192.0.2.10' };
      const strike = { fault: 'session-dropped-after', device: UNIT, params };
      const inputs = { ...(await network(besides)), faults: [strike] };
      const stage = await abandoned(inputs, 'step-acted');
      const half = has(deviceAfter(stage.sim).running);
      expect(half).not.toEqual(ALL);
      expect(half).not.toEqual(NONE);
      await stage.sim.scheduler.advance(60 * 60_000);
      expect(has(deviceAfter(stage.sim).running)).toEqual(NONE);
      const outcomes = await resumed(inputs, stage);
      expect(outcomes).toMatchObject([{ ended: 'reverted', isTrue: true }]);
      expect(outcomes[0]?.why).toContain('the device took it back by itself');
    },
  );

  test.each(methods)(
    'is confirmed when the run comes back in time (%s)',
    async (_method, besides) => {
      const inputs = await network(besides);
      const stage = await abandoned(inputs, 'step-done');
      await stage.sim.scheduler.advance(5 * 60_000);
      expect(await resumed(inputs, stage)).toMatchObject([{ ended: 'done', isTrue: true }]);
      const { startup, guards, bootCount } = deviceAfter(stage.sim);
      expect(has(startup)).toEqual(ALL);
      expect(guards).toEqual(UNGUARDED);
      expect(bootCount).toBe(1);
    },
  );
});
