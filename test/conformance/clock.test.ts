import { describe, expect, test } from '@jest/globals';
import { aheadMs } from '../../src/driver/device-clock.js';
import { conformers } from './conformer.js';
import { loneDevice } from './lone-device.js';

const QUARTER_MS = 15 * 60_000;
const told = conformers.map((one) => [one.id, one] as const);

describe.each(told)('the clock of %s', (_id, one) => {
  const { clock } = one.driver;

  test('is read from a simulated device to the second, or to the quarter of an hour', async () => {
    const [recorded] = one.transcripts;
    if (!clock || !recorded) throw new Error('no clock');
    const lone = await loneDevice(one, recorded);
    const output = await lone.use((session) => session.read(clock.command));
    const read = clock.parse(output);
    if (!read) throw new Error(output);
    expect(Math.abs(aheadMs(read, lone.nowMs()))).toBeLessThan(5000);
  });

  test('is not guessed from what holds no time', () => {
    for (const text of [
      '',
      '% Invalid input',
      '99:99:99 UTC Xxx Foo 99 2027',
      'Current time: never',
    ])
      expect(clock?.parse(text)).toBeUndefined();
  });
});

const platform = (id: string) => conformers.find((each) => each.id === id)?.driver.clock;
const AT_MS = Date.UTC(2027, 2, 2, 9, 23, 45);

describe('a time zone', () => {
  test('counts where it is certain', () => {
    const text = 'Tue Mar  2 10:23:45 2027\nTimezone: Europe/Berlin\nClock source: local\n';
    const exact = { atMs: AT_MS, isExact: true };
    expect(platform('arista_eos')?.parse(text)).toEqual({ ...exact, synchronised: false });
    expect(platform('cisco_iosxe')?.parse('*09:23:45.101 UTC Tue Mar 2 2027\n')).toEqual({
      ...exact,
      synchronised: false,
    });
    expect(platform('juniper_junos')?.parse('Current time: 2027-03-02 09:23:45 UTC\n')).toEqual(
      exact,
    );
  });

  test('that is an abbreviation leaves the quarters of an hour open', () => {
    const read = platform('cisco_iosxe')?.parse('03:24:45.101 CST Tue Mar 2 2027\n');
    expect(read).toMatchObject({ isExact: false, synchronised: true });
    expect(read && aheadMs(read, AT_MS)).toBe(60_000);
    const fortios = platform('fortinet_fortios')?.parse('System time: Tue Mar  2 01:23:40 2027\n');
    expect(fortios && aheadMs(fortios, AT_MS)).toBe(-5000);
    expect(fortios && Math.abs(fortios.atMs - AT_MS)).toBeGreaterThan(QUARTER_MS);
  });
});
