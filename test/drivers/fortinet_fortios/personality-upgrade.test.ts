import { describe, expect, test } from '@jest/globals';
import type { SimDevice } from '../../../src/driver/personality.js';
import {
  CLUSTER,
  cluster,
  damagedFile,
  firewall,
  imageFile,
  openSession,
  type TestSession,
} from './personality-session.js';

const NEW = imageFile('7.2.8');
const STAGE = 'execute restore secondary-image tftp dir/image.out 192.0.2.10';
const RESTORE = 'execute restore image tftp image.out 192.0.2.10';
const HOUR_MS = 3_600_000;

function withFault(fault: string) {
  return (device: SimDevice): SimDevice => ({ ...device, faults: [...device.faults, fault] });
}

/** One member's flash is full but for a megabyte. */
function filled(device: SimDevice, at: number): SimDevice {
  const members = device.members.map((member, index) => {
    if (index !== at) return member;
    const used = member.flash.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const filler = {
      ...damagedFile('7.2.7'),
      name: 'crashinfo-archive.tar',
      sizeBytes: member.flash.totalBytes - used - 1_000_000,
    };
    return { ...member, flash: { ...member.flash, files: [...member.flash.files, filler] } };
  });
  return { ...device, members };
}

function staged(session: TestSession): string {
  session.all(STAGE, 'y');
  return session.pulled({ kind: 'got', file: NEW });
}

const reloads = (session: TestSession) =>
  session.effects().filter(({ kind }) => kind === 'reload').length;

const version = (session: TestSession) => session.device().runningVersion;

describe('staging an image on the simulated FortiGate', () => {
  test('asks first, and takes one key', () => {
    const session = openSession(firewall());
    expect(session.send(STAGE)).toBe(
      'This operation will store the firmware to backup partition.\r\nDo you want to continue? (y/n)',
    );
    expect(session.shell().question?.takes).toBe('key');
    expect(session.prompt()).toBe('');
    expect(session.send('x')).toBe('');
    expect(session.send('n')).toBe('n\r\n\r\n');
    expect(session.effects().filter(({ kind }) => kind === 'pull')).toEqual([]);
  });

  test('fetches the file by TFTP', () => {
    const session = openSession(firewall());
    expect(session.all(STAGE, 'y')).toContain('Connect to tftp server 192.0.2.10 ...');
    expect(session.effects()).toContainEqual({
      kind: 'pull',
      tag: 'firmware',
      method: 'tftp',
      host: '192.0.2.10',
      path: 'dir/image.out',
    });
  });

  test('puts it beside the running one, and restarts nothing', () => {
    const session = openSession(firewall());
    const said = staged(session);
    expect(said).toContain('Get image from tftp server OK.');
    expect(said).toContain('Restore to backup partition.');
    expect(reloads(session)).toBe(0);
    const list = session.send('diagnose sys flash list');
    expect(list).toMatch(/^1 +FGT60F-7\.02-FW-build1577-240131 .*Yes\r$/m);
    expect(list).toMatch(/^2 +FGT60F-7\.02-FW-build1639-240313 .*No\r$/m);
    expect(session.timer('image-write', 20_000)).toContainEqual({
      kind: 'log',
      text: 'Firmware upgrade in progress ...\r\nDone.',
    });
  });

  test('boots it when told so, and keeps the configuration', () => {
    const session = openSession(firewall());
    staged(session);
    session.timer('image-write', 30_000);
    session.all('config system global', 'set admintimeout 30', 'end');
    expect(session.send('execute set-next-reboot secondary')).toContain(
      'Default image is changed to image# 2.',
    );
    expect(session.send('execute set-next-reboot secondary')).toContain(
      'Image# 2 is already the default image.',
    );
    expect(session.all('execute reboot', 'y')).toContain('The system is going down NOW');
    expect(reloads(session)).toBe(1);
    session.boot();
    expect(version(session)).toBe('7.2.8');
    expect(session.device().runningConfig).toContain('set admintimeout 30');
    expect(session.send('get system status')).toContain('v7.2.8,build1639');
    expect(session.send('show')).toMatch(/^#config-version=FGT60F-7\.2\.8-FW-build1639/);
    expect(session.send('get system performance status')).toContain(
      'Uptime: 0 days,  0 hours,  0 minutes',
    );
  });

  test('goes back with the configuration of that time', () => {
    const session = openSession(firewall());
    staged(session);
    session.timer('image-write', 30_000);
    session.all('execute set-next-reboot secondary', 'execute reboot', 'y');
    session.boot();
    session.all('config system global', 'set admintimeout 30', 'end');
    session.all('execute set-next-reboot primary', 'execute reboot', 'y');
    session.boot();
    expect(version(session)).toBe('7.2.7');
    expect(session.device().runningConfig).not.toContain('admintimeout');
  });

  test.each([
    ['file not found', 'File not found.'],
    ['connection timed out', 'Transfer timed out.'],
  ])('tells a transfer that failed: %s', (why, said) => {
    const session = openSession(firewall());
    session.all(STAGE, 'y');
    const text = session.pulled({ kind: 'failed', why });
    expect(text).toContain(said);
    expect(text).toContain('Command fail. Return code');
    expect(staged(session)).toContain('Restore to backup partition.');
  });

  test('refuses a damaged image, and one for another platform', () => {
    const session = openSession(firewall());
    session.all(STAGE, 'y');
    const before = session.send('diagnose sys flash list');
    expect(session.pulled({ kind: 'got', file: damagedFile('7.2.8') })).toContain(
      'Check image error.',
    );
    session.all(STAGE, 'y');
    const foreign = imageFile('7.2.8', { image: { platform: 'other', version: '7.2.8' } });
    expect(session.pulled({ kind: 'got', file: foreign })).toContain('Command fail.');
    expect(session.send('diagnose sys flash list')).toBe(before);
  });

  test('refuses an image that does not fit', () => {
    const session = openSession(filled(firewall(), 0));
    session.all(STAGE, 'y');
    const file = { ...NEW, sizeBytes: 200_000_000 };
    expect(session.pulled({ kind: 'got', file })).toContain('no space left on flash');
    expect(session.send('diagnose sys flash list')).toMatch(/^2 .* 100% {2}No\r$/m);
  });

  test('does one thing at a time', () => {
    const session = openSession(firewall());
    session.all(STAGE, 'y');
    expect(session.all(STAGE, 'y')).toContain('A firmware upgrade is in progress.');
  });

  test('takes no answer for a download that nobody asked for', () => {
    const session = openSession(firewall());
    expect(session.pulled({ kind: 'got', file: NEW }, 'other')).toBe('');
    expect(session.pulled({ kind: 'got', file: NEW })).toBe('');
  });
});

describe('upgrading the simulated FortiGate at once', () => {
  test('reboots by itself when the image is good', () => {
    const session = openSession(firewall());
    session.all(RESTORE, 'y');
    const said = session.pulled({ kind: 'got', file: NEW });
    expect(said).toContain('Please wait for system to restart.');
    expect(reloads(session)).toBe(1);
    expect(session.boot()).toBeGreaterThan(60_000);
    expect(version(session)).toBe('7.2.8');
    expect(session.send('diagnose sys flash list')).toMatch(/^1 .*build1577.* {2}No\r$/m);
  });

  test('stays as it is when the image is not', () => {
    const session = openSession(firewall());
    session.all(RESTORE, 'y');
    session.pulled({ kind: 'got', file: damagedFile('7.2.8') });
    expect(reloads(session)).toBe(0);
    session.boot();
    expect(version(session)).toBe('7.2.7');
  });

  test.each([
    ['boots-old-image', (session: TestSession) => version(session), '7.2.7'],
    ['config-lost', (session: TestSession) => session.prompt(), 'FortiGate-60F # '],
  ])('suffers %s', (fault, read, expected) => {
    const session = openSession(firewall());
    session.all(RESTORE, 'y');
    session.pulled({ kind: 'got', file: NEW });
    session.change(withFault(fault));
    session.boot();
    expect(read(session)).toBe(expected);
  });

  test('never returns, or late, when a fault says so', () => {
    const dead = openSession(withFault('never-returns')(firewall()));
    expect(dead.boot()).toContain('OPEN BOOT DEVICE FAILED');
    const slow = openSession(withFault('slow-boot')(firewall()));
    const usual = openSession(firewall());
    expect(slow.boot()).toBe(3 * Number(usual.boot()));
  });

  test('survives a power cut in the middle', () => {
    const session = openSession(firewall());
    session.all(RESTORE, 'y');
    session.boot();
    expect(version(session)).toBe('7.2.7');
    expect(session.pulled({ kind: 'got', file: NEW })).toBe('');
    expect(session.send('get system status')).toContain('Last reboot reason: power cycle');
  });
});

/** Upgraded up to the point where the secondary is back on the new release. */
function begun(start = cluster()): TestSession {
  const session = openSession(start);
  session.all(RESTORE, 'y');
  session.pulled({ kind: 'got', file: NEW });
  return session;
}

const handOverMs = (session: TestSession) => {
  const timer = session.effects().find((effect) => effect.kind === 'timer');
  return timer?.kind === 'timer' ? timer.delayMs : Number.NaN;
};

describe('the simulated FortiGate cluster', () => {
  test('shows both members in sync, with equal checksums', () => {
    const session = openSession(cluster());
    const status = session.send('get system ha status');
    expect(status).toContain('HA Health Status: OK');
    expect(status.match(/: in-sync/g)).toHaveLength(2);
    expect(status).toMatch(new RegExp(`^Primary: ${CLUSTER[0]}, HA operating index = 0`, 'm'));
    const sums = session.send('diagnose sys ha checksum cluster').match(/^all: .*$/gm) ?? [];
    expect(sums).toHaveLength(4);
    expect(new Set(sums).size).toBe(1);
  });

  test('upgrades the secondary first and goes on answering', () => {
    const session = begun();
    expect(reloads(session)).toBe(0);
    expect(version(session)).toBe('7.2.7');
    session.wait(60_000);
    const status = session.send('get system ha status');
    expect(status).toContain(`${CLUSTER[1]} is lost`);
    expect(status).toContain('number of member: 1');
    expect(session.send('get system status')).toContain(`Serial-Number: ${CLUSTER[0]}`);
  });

  test('hands over to the other serial number within seconds', () => {
    const session = begun();
    const waitMs = handOverMs(session);
    expect(waitMs).toBeGreaterThan(120_000);
    session.timer('ha-upgrade', waitMs);
    expect(reloads(session)).toBe(1);
    expect(session.boot()).toBeLessThan(10_000);
    expect(version(session)).toBe('7.2.8');
    const status = session.send('get system status');
    expect(status).toContain(`Serial-Number: ${CLUSTER[1]}`);
    expect(status).toContain('Current HA mode: a-p, primary');
    expect(session.device().members.map(({ role }) => role)).toEqual(['standby', 'active']);
    expect(session.send('get system ha status')).toContain(`${CLUSTER[0]} is lost`);
  });

  test('is out of sync for a while after the other one is back, then whole', () => {
    const session = begun();
    session.timer('ha-upgrade', handOverMs(session));
    session.boot();
    const seen = new Set<string>();
    for (let at = 0; at < 90; at += 1) {
      session.wait(10_000);
      const status = session.send('get system ha status');
      if (status.includes('is lost')) seen.add('lost');
      else seen.add(status.includes('out-of-sync') ? 'out of sync' : 'in sync');
    }
    expect([...seen]).toEqual(['lost', 'out of sync', 'in sync']);
    const sums = session.send('diagnose sys ha checksum cluster').match(/^all: .*$/gm) ?? [];
    expect(new Set(sums).size).toBe(1);
  });

  test('shows other checksums on a member that is out of sync', () => {
    const session = openSession(cluster());
    session.all('execute reboot', 'y');
    session.boot();
    let sums: readonly string[] = [];
    for (let at = 0; at < 90 && new Set(sums).size < 2; at += 1) {
      session.wait(5000);
      sums = session.send('diagnose sys ha checksum cluster').match(/^all: .*$/gm) ?? [];
    }
    expect(sums).toHaveLength(4);
    expect(new Set(sums).size).toBe(2);
  });

  test('goes down as one when it is told to upgrade all at once', () => {
    const session = openSession(cluster());
    session.all('config system ha', 'set uninterruptible-upgrade disable', 'end');
    session.all(RESTORE, 'y');
    session.pulled({ kind: 'got', file: NEW });
    expect(reloads(session)).toBe(1);
    expect(session.boot()).toBeGreaterThan(60_000);
    expect(version(session)).toBe('7.2.8');
    expect(session.send('get system status')).toContain(`Serial-Number: ${CLUSTER[0]}`);
  });

  test('upgrades nobody when one member has no room, and names it', () => {
    const session = openSession(filled(cluster(), 1));
    session.all(RESTORE, 'y');
    const said = session.pulled({ kind: 'got', file: { ...NEW, sizeBytes: 200_000_000 } });
    expect(said).toContain(`Failed to save the image on ${CLUSTER[1]}`);
    expect(reloads(session)).toBe(0);
    expect(session.send('get system ha status').match(/: in-sync/g)).toHaveLength(2);
    expect(session.send('diagnose sys flash list')).not.toContain('build1639');
  });

  test('stays on the old release when the new one does not boot', () => {
    const session = begun();
    session.timer('ha-upgrade', handOverMs(session));
    session.change(withFault('boots-old-image'));
    session.boot();
    expect(version(session)).toBe('7.2.7');
    expect(session.send('get system status')).toContain(`Serial-Number: ${CLUSTER[0]}`);
  });

  test('moves the primary role when the primary reboots, and back on demand', () => {
    const session = openSession(cluster());
    session.all('execute reboot', 'y');
    session.boot();
    expect(session.send('get system status')).toContain(CLUSTER[1]);
    session.wait(HOUR_MS);
    session.all('execute ha failover set 1', 'y');
    session.boot();
    expect(session.send('get system status')).toContain(CLUSTER[0]);
    expect(session.send('get system ha status')).not.toContain('is lost');
  });

  test('is reached at the other member through the primary', () => {
    const session = openSession(cluster());
    session.send('execute ha manage 0 ops');
    expect(session.shell().question?.hidden).toBe(true);
    expect(session.send('wrong')).toContain('Permission denied');
    session.all('execute ha manage 0 ops', 'secret');
    const status = session.send('get system status');
    expect(status).toContain(`Serial-Number: ${CLUSTER[1]}`);
    expect(status).toContain('Current HA mode: a-p, secondary');
    session.send('exit');
    expect(session.send('get system status')).toContain(CLUSTER[0]);
  });

  test('gives a member that joins with another release its own', () => {
    const session = openSession(cluster());
    session.all('execute ha manage 0 ops', 'secret', STAGE, 'y');
    session.pulled({ kind: 'got', file: NEW });
    session.timer('image-write', 30_000);
    session.all('execute set-next-reboot secondary', 'execute reboot', 'y');
    session.wait(HOUR_MS);
    session.all('execute ha manage 0 ops', 'secret');
    expect(session.send('get system status')).toContain('v7.2.7,build1577');
  });

  test('renames the upgrade setting with the release that renamed it', () => {
    const session = openSession(cluster());
    session.all('config system ha', 'set uninterruptible-upgrade disable', 'end');
    session.all(RESTORE, 'y');
    session.pulled({ kind: 'got', file: imageFile('7.4.3') });
    session.boot();
    expect(session.device().runningConfig).toContain('set upgrade-mode simultaneous');
    expect(session.device().runningConfig).not.toContain('uninterruptible-upgrade');
  });

  test('hands nothing over when no upgrade is under way', () => {
    const session = openSession(cluster());
    session.timer('ha-upgrade', HOUR_MS);
    expect(reloads(session)).toBe(0);
    expect(version(session)).toBe('7.2.7');
  });

  test('takes both members to the old release when both are down at one time', () => {
    const session = begun();
    session.timer('ha-upgrade', handOverMs(session));
    session.boot();
    session.wait(HOUR_MS);
    session.all('execute ha manage 1 ops', 'secret', 'execute set-next-reboot primary');
    session.all('execute reboot', 'y');
    session.wait(5000);
    session.all('execute set-next-reboot primary', 'execute reboot', 'y');
    session.boot();
    expect(version(session)).toBe('7.2.7');
    session.wait(HOUR_MS);
    session.all('execute ha manage 1 ops', 'secret');
    expect(session.send('get system status')).toContain('v7.2.7,build1577');
  });

  test('answers by the name of the member that is the primary', () => {
    const session = openSession(cluster({ hostname: 'fw-west-a' }));
    expect(session.prompt()).toBe('fw-west-a # ');
    session.all('execute ha manage 0 ops', 'secret');
    expect(session.prompt()).toBe('fw-west-b # ');
    session.send('exit');
    session.all('execute reboot', 'y');
    session.boot();
    expect(session.prompt()).toBe('fw-west-b # ');
    expect(session.send('show system global')).toContain('set hostname "fw-west-b"');
    session.wait(HOUR_MS);
    expect(session.send('get system ha status')).toContain('fw-west-a       , FG100FTK20041873');
    session.all('execute reboot', 'y');
    session.boot();
    expect(session.prompt()).toBe('fw-west-a # ');
  });

  test('reverts as one: the other member does not take over', () => {
    const session = openSession(cluster({ version: '7.0.3' }));
    session.all('config system global', 'set cfg-save revert', 'end');
    session.all('config system global', 'set admintimeout 30', 'end');
    session.timer('cfg-revert', 600_000);
    expect(session.boot()).toBeGreaterThan(60_000);
    expect(session.send('get system status')).toContain(`Serial-Number: ${CLUSTER[0]}`);
    expect(session.device().runningConfig).not.toContain('admintimeout');
  });

  test.each([
    ['7.2.7', 'uninterruptible-upgrade', 'upgrade-mode'],
    ['7.4.3', 'upgrade-mode', 'uninterruptible-upgrade'],
  ])('knows the upgrade setting of its release: %s', (release, known, unknown) => {
    const session = openSession(cluster({ version: release }));
    expect(session.send('get system ha')).toContain(known);
    expect(session.send('get system ha')).not.toContain(unknown);
    session.send('config system ha');
    expect(session.send(`set ${unknown} disable`)).toContain(`parse error before '${unknown}'`);
  });
});
