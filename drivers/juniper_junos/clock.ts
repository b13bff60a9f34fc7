import { instantOf, type ClockReader } from '../../src/driver/device-clock.js';

const SHOWN = /^\s*Current time: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (\S{1,6})/m;

/** `Current time: 2027-03-02 10:23:45 UTC`, `Time Source: NTP CLOCK` (Juniper, "show system uptime"); the first engine's. */
export const clock: ClockReader = {
  command: 'show system uptime',
  parse(output) {
    const [, day, time, zone] = SHOWN.exec(output) ?? [];
    const wallMs = Date.parse(`${day}T${time}Z`);
    if (Number.isNaN(wallMs)) return undefined;
    const source = /^\s*Time Source: +(.{1,100})$/m.exec(output)?.[1];
    const read = instantOf(wallMs, zone);
    return source === undefined ? read : { ...read, synchronised: /NTP|PTP/i.test(source) };
  },
};
