import { instantOf, wallTimeMs, type ClockReader } from '../../src/driver/device-clock.js';

const SHOWN =
  /^\s{0,2}([*.]?)(\d\d:\d\d:\d\d)(?:\.\d{1,3})? (\S{1,10}) \S{3} (\S{3}) (\d{1,2}) (\d{4})\s*$/m;

/** `*10:23:45.123 UTC Tue Mar 2 2027`: `*` is not authoritative, `.` lost its server (Cisco, "show clock"). */
export const clock: ClockReader = {
  command: 'show clock',
  parse(output) {
    const [, mark, time, zone, month, day, year] = SHOWN.exec(output) ?? [];
    const wallMs = wallTimeMs(month, day, time, year);
    if (wallMs === undefined) return undefined;
    return { ...instantOf(wallMs, zone), synchronised: mark === '' };
  },
};
