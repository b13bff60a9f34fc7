import { instantOf, wallTimeMs, type ClockReader } from '../../src/driver/device-clock.js';

const SHOWN = /^\w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\s*$/m;

/** The time, `Timezone:` as the database names it, and `Clock source:` (Arista, "show clock"). */
export const clock: ClockReader = {
  command: 'show clock',
  parse(output) {
    const [, month, day, time, year] = SHOWN.exec(output) ?? [];
    const wallMs = wallTimeMs(month, day, time, year);
    if (wallMs === undefined) return undefined;
    const zone = /^Timezone: (\S{1,64})\s*$/m.exec(output)?.[1];
    const source = /^Clock source: (.{1,100})$/m.exec(output)?.[1];
    const read = instantOf(wallMs, zone);
    return source === undefined ? read : { ...read, synchronised: /^NTP/i.test(source) };
  },
};
