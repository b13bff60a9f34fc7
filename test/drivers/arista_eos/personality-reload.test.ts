import { describe, expect, test } from '@jest/globals';
import { personality } from '../../../drivers/arista_eos/personality.js';
import type { SimDevice } from '../../../src/driver/personality.js';
import {
  deepFreeze,
  MLAG,
  NOW_MS,
  openSession,
  switchFor,
  withFile,
} from './personality-session.js';

function booted(device: SimDevice): SimDevice {
  const boot = personality.boot(deepFreeze(device), { nowMs: NOW_MS, chance: () => 0.5 });
  if (boot.kind !== 'boots') throw new Error(boot.why);
  return boot.device;
}

describe('maintenance mode', () => {
  function quiesce(session: ReturnType<typeof openSession>, line: string): void {
    for (const command of ['enable', 'configure', 'maintenance', 'unit System', line, 'end']) {
      session.send(command);
    }
  }

  test('drains after a while, and comes back', () => {
    const session = openSession(switchFor());
    expect(session.send('show maintenance')).toMatch(/^System +Not Under Maintenance +never\r$/m);
    quiesce(session, 'quiesce');
    expect(session.device().drained).toBe(false);
    expect(session.send('show maintenance')).toMatch(/^System +Entering Maintenance /m);
    session.timer('maintenance', 20_000);
    expect(session.device().drained).toBe(true);
    expect(session.send('show maintenance')).toMatch(/^System +Under Maintenance /m);
    quiesce(session, 'no quiesce');
    expect(session.device().drained).toBe(false);
    session.timer('maintenance', 3000);
    expect(session.send('show maintenance')).toMatch(/^System +Not Under Maintenance /m);
    expect(session.device().runningConfig).toBe(switchFor().runningConfig);
  });

  test('has its own modes and is named as a mutation', () => {
    const session = openSession(switchFor());
    session.send('enable');
    session.send('configure');
    session.send('maintenance');
    expect(session.prompt()).toBe('sw1(config-maintenance)#');
    session.send('unit system');
    expect(session.prompt()).toBe('sw1(config-builtin-unit-System)#');
    session.send('quiesce');
    expect(session.last().mutation).toBe('maintenance');
    expect(session.last().effects).toEqual([
      expect.objectContaining({ kind: 'timer', name: 'maintenance' }),
    ]);
  });

  test('is over after a reload unless it was saved', () => {
    const session = openSession(switchFor());
    quiesce(session, 'quiesce');
    session.timer('maintenance', 20_000);
    expect(booted(session.device()).drained).toBe(false);
    session.send('write');
    expect(booted(session.device()).drained).toBe(true);
  });
});

describe('reload', () => {
  test('asks for one key when nothing is unsaved, and goes down on it', () => {
    const session = openSession(switchFor());
    session.send('enable');
    expect(session.send('reload')).toBe('Proceed with reload? [confirm]');
    expect(session.shell().question?.takes).toBe('key');
    expect(session.key('\r')).toContain('Proceeding with reload');
    expect(session.last().mutation).toBe('reload');
    expect(session.last().effects).toContainEqual(expect.objectContaining({ kind: 'reload' }));
  });

  test('gives no prompt back before it goes down', () => {
    const session = openSession(switchFor());
    session.send('enable');
    session.send('reload now');
    const { effects } = session.last();
    const delays = effects.map((effect) => (effect.kind === 'print' ? (effect.delayMs ?? 0) : 0));
    const down = effects.find((effect) => effect.kind === 'reload');
    expect(Math.max(...delays)).toBeGreaterThan(down?.delayMs ?? Infinity);
  });

  test('stays up when the key says no', () => {
    const session = openSession(switchFor());
    session.send('enable');
    session.send('reload');
    session.key('n');
    expect(session.prompt()).toBe('sw1#');
    expect(session.last().mutation).toBeUndefined();
  });

  test('asks to save what is unsaved: each answer does what it says', () => {
    const question = 'System configuration has been modified. Save? [yes/no/cancel/diff]:';
    const dirty = (): ReturnType<typeof openSession> => {
      const session = openSession(switchFor());
      for (const line of ['enable', 'configure', 'vlan 20', 'end']) session.send(line);
      expect(session.send('reload')).toBe(question);
      return session;
    };
    const yes = dirty();
    expect(yes.send('yes')).toBe('Proceed with reload? [confirm]');
    expect(yes.last().mutation).toBe('save-config');
    expect(yes.device().startupConfig).toContain('vlan 20');
    const no = dirty();
    expect(no.send('no')).toBe('Proceed with reload? [confirm]');
    expect(no.device().startupConfig).not.toContain('vlan 20');
    const cancel = dirty();
    cancel.send('cancel');
    expect(cancel.prompt()).toBe('sw1#');
    const diff = dirty();
    expect(diff.send('diff')).toBe(
      `--- flash:/startup-config\r\n+++ system:/running-config\r\n+vlan 20\r\n+!\r\n${question}`,
    );
    const wrong = dirty();
    expect(wrong.send('maybe')).toBe(`Invalid response\r\n${question}`);
  });

  test('asks nothing with now or force', () => {
    for (const command of ['reload now', 'reload force']) {
      const session = openSession(switchFor());
      for (const line of ['enable', 'configure', 'vlan 20', 'end']) session.send(line);
      session.send(command);
      expect(session.last().mutation).toBe('reload');
      expect(session.shell().question).toBeUndefined();
    }
  });
});

describe('boot', () => {
  const image = { platform: 'arista_eos', version: '4.31.2F' };
  const armed = (faults: readonly string[] = []): SimDevice => {
    const session = openSession(withFile(switchFor(), 'EOS-4.31.2F.swi', image));
    for (const line of [
      'enable',
      'conf',
      'boot system flash:EOS-4.31.2F.swi',
      'end',
      'reload now',
    ]) {
      session.send(line);
    }
    return { ...session.device(), faults };
  };
  const boot = (device: SimDevice): ReturnType<typeof personality.boot> =>
    personality.boot(deepFreeze(device), { nowMs: NOW_MS, chance: () => 0.5 });

  test('starts the image that boot-config names, with the saved configuration', () => {
    const outcome = boot(armed());
    if (outcome.kind !== 'boots') throw new Error(outcome.why);
    expect(outcome.device.runningVersion).toBe('4.31.2F');
    expect(outcome.device.runningImage).toBe('EOS-4.31.2F.swi');
    expect(outcome.device.runningConfig).toBe(outcome.device.startupConfig);
    expect(outcome.afterMs).toBeGreaterThanOrEqual(150_000);
    expect(outcome.afterMs).toBeLessThanOrEqual(300_000);
    const session = openSession(outcome.device, NOW_MS + outcome.afterMs + 60_000);
    expect(session.send('show version')).toContain('Uptime: 1 minute\r\n');
    expect(session.send('show reload cause')).toContain('Reload requested by the user.');
  });

  test('comes back with the very configuration that was saved', () => {
    const extraConfig = [
      'router bgp 65001',
      '   maximum-paths 4',
      '   !',
      '   address-family ipv4',
      '      neighbor 10.0.0.1 activate',
      'interface Port-Channel10',
      '   mlag 10',
      '   vrf MGMT',
      'management api http-commands',
      '   no shutdown',
      'ip route 0.0.0.0/0 127.0.0.1',
    ].join('\n');
    const device = switchFor({ redundancy: MLAG, extraConfig });
    expect(device.runningConfig).toContain('   vrf MGMT\n');
    const outcome = boot(device);
    if (outcome.kind !== 'boots') throw new Error(outcome.why);
    expect(outcome.device.runningConfig).toBe(device.runningConfig);
    const session = openSession(outcome.device);
    session.send('enable');
    expect(session.send('reload')).toBe('Proceed with reload? [confirm]');
  });

  test('stays at Aboot without a bootable image', () => {
    const device = armed();
    const session = openSession(device);
    session.send('enable');
    session.send('delete flash:EOS-4.31.2F.swi');
    expect(boot(session.device())).toMatchObject({ kind: 'never', device: { power: 'dead' } });
    const other = withFile(switchFor(), 'x.swi', { platform: 'cisco_ios', version: '1' });
    const pointed = { ...other, own: { ...other.own, bootImage: 'x.swi' } };
    expect(boot(pointed)).toMatchObject({ kind: 'never' });
  });

  test('shows each fault that strikes at boot', () => {
    expect(boot(armed(['boots-old-image']))).toMatchObject({
      kind: 'boots',
      device: { runningVersion: '4.28.3M', bootCount: 2 },
    });
    expect(boot(armed(['never-returns']))).toMatchObject({ kind: 'never' });
    const usual = boot(armed());
    const slow = boot(armed(['slow-boot']));
    if (usual.kind !== 'boots' || slow.kind !== 'boots') throw new Error('does not boot');
    expect(slow.afterMs).toBe(usual.afterMs * 3);
    expect(boot(armed(['config-lost']))).toMatchObject({
      kind: 'boots',
      device: { hostname: 'localhost', startupConfig: '' },
    });
  });

  test('holds the MLAG ports back for the reload delay', () => {
    const outcome = boot(switchFor({ redundancy: MLAG }));
    if (outcome.kind !== 'boots') throw new Error(outcome.why);
    expect(outcome.effects).toContainEqual({
      kind: 'timer',
      name: 'mlag-reload-delay',
      delayMs: 300_000,
    });
    const session = openSession(outcome.device, NOW_MS + outcome.afterMs + 1000);
    session.send('terminal length 0');
    expect(session.send('show mlag detail')).toMatch(/^Ports errdisabled +: +True\r$/m);
    session.timer('mlag-reload-delay', 300_000);
    expect(session.send('show mlag detail')).toMatch(/^Ports errdisabled +: +False\r$/m);
  });
});

describe('purity', () => {
  test('gives the same answer to the same line and leaves its input alone', () => {
    const run = (): string => {
      const session = openSession(switchFor());
      const said = ['enable', 'configure', 'vlan 7', 'end', 'write', 'show running-config']
        .map((line) => session.send(line))
        .join('');
      return said + JSON.stringify(session.device());
    };
    expect(run()).toBe(run());
  });

  test('keeps a state that is plain JSON', () => {
    const device = switchFor({ redundancy: MLAG });
    expect(JSON.parse(JSON.stringify(device))).toEqual(device);
  });
});
