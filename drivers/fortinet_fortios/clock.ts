import { instantOf, wallTimeMs, type ClockReader } from '../../src/driver/device-clock.js';

const SHOWN = /^System time: \w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\s*$/m;

/** `System time: Tue Mar  2 10:23:45 2027`, in the device's own zone, which is not told there (Fortinet, "get system status"). */
export const clock: ClockReader = {
  command: 'get system status',
  parse(output) {
    const [, month, day, time, year] = SHOWN.exec(output) ?? [];
    const wallMs = wallTimeMs(month, day, time, year);
    return wallMs === undefined ? undefined : instantOf(wallMs, undefined);
  },
};
