import { describe, expect, test } from '@jest/globals';
import { decidingLines, repeatsOf, unseenRepeats } from './observed.js';

/** A log of the lab in short: `sw1/1 reload` is a line that arrives, `sw1/1 +` a session that begins. */
function logOf(...entries: readonly string[]): readonly string[] {
  return entries.map((entry, index) => {
    const space = entry.indexOf(' ');
    const [shell, what] = [entry.slice(0, space), entry.slice(space + 1)];
    const [device] = shell.split('/');
    const event =
      what === '+' ? `open-shell ${shell}` : `input ${shell} ${JSON.stringify(`${what}\r`)}`;
    return `${1_795_000_000_000 + index} ${device} ${event}`;
  });
}

const repeat = (command: string, seen: boolean, device = 'sw1') => ({ device, command, seen });

describe('repeats in the log of the lab', () => {
  test('are none when a command is sent once to each device', () => {
    const log = logOf('sw1/1 +', 'sw1/1 reload', 'sw2/2 +', 'sw2/2 reload');
    expect(repeatsOf(log)).toEqual([]);
    expect(decidingLines(log)).toBe(2);
  });

  test('are seen when a session begun after the first asked what the command decides', () => {
    const log = logOf('sw1/1 +', 'sw1/1 reload', 'sw1/2 +', 'sw1/2 show version', 'sw1/2 reload');
    expect(repeatsOf(log)).toEqual([repeat('reload', true)]);
    expect(unseenRepeats(log)).toEqual([]);
  });

  test('are unseen when nothing was asked in between', () => {
    const log = logOf('sw1/1 +', 'sw1/1 reload', 'sw1/2 +', 'sw1/2 enable', 'sw1/2 reload');
    expect(repeatsOf(log)).toEqual([repeat('reload', false)]);
    expect(unseenRepeats(log)).toEqual(['sw1: reload']);
  });

  test('are unseen when only something else was asked', () => {
    const looks = ['sw1/2 show clock', 'sw1/2 show boot-config'];
    const log = logOf('sw1/1 +', 'sw1/1 reload', 'sw1/2 +', ...looks, 'sw1/2 reload');
    expect(unseenRepeats(log)).toEqual(['sw1: reload']);
  });

  test('are unseen when only the session of the first was asked, even while another is open', () => {
    const old = ['sw1/1 +', 'sw1/1 reload', 'sw1/1 show version'];
    expect(unseenRepeats(logOf(...old, 'sw1/1 reload'))).toEqual(['sw1: reload']);
    const beside = ['sw1/1 +', 'sw1/1 reload', 'sw1/2 +', 'sw1/1 show version'];
    expect(unseenRepeats(logOf(...beside, 'sw1/2 reload'))).toEqual(['sw1: reload']);
  });

  test('are unseen when the session that looked was open before the first', () => {
    const open = ['sw1/1 +', 'sw1/2 +', 'sw1/1 reload'];
    expect(unseenRepeats(logOf(...open, 'sw1/2 show version', 'sw1/2 reload'))).toEqual([
      'sw1: reload',
    ]);
  });

  test('are unseen when another device was looked at', () => {
    const log = logOf(
      'sw1/1 +',
      'sw1/1 reload',
      'sw2/2 +',
      'sw2/2 show version',
      'sw1/3 +',
      'sw1/3 reload',
    );
    expect(unseenRepeats(log)).toEqual(['sw1: reload']);
  });

  test('are judged one by one: a look before the second does not count for the third', () => {
    const second = ['sw1/1 +', 'sw1/1 reload', 'sw1/2 +', 'sw1/2 show version', 'sw1/2 reload'];
    const log = logOf(...second, 'sw1/3 +', 'sw1/3 reload');
    expect(repeatsOf(log)).toEqual([repeat('reload', true), repeat('reload', false)]);
  });

  test('are told apart by the whole line', () => {
    const log = logOf(
      'sw1/1 +',
      'sw1/1 boot system flash:new.swi',
      'sw1/1 boot system flash:old.swi',
      'sw1/2 +',
      'sw1/2 show boot-config',
      'sw1/2 boot system flash:new.swi',
    );
    expect(repeatsOf(log)).toEqual([repeat('boot system flash:new.swi', true)]);
  });

  test('are told of every command that decides', () => {
    const looks = {
      'boot system flash:new.swi': 'show boot-config',
      'install add file flash:new.bin': 'show install summary',
      'install activate auto-abort-timer 120': 'show version',
      'install commit': 'show install summary',
      'install abort': 'show install summary',
      'install rollback to id 3': 'show version',
      quiesce: 'show maintenance',
      'max-metric router-lsa': 'show running-config',
    };
    for (const [command, look] of Object.entries(looks)) {
      const first = ['sw1/1 +', `sw1/1 ${command}`, 'sw1/2 +'];
      expect(repeatsOf(logOf(...first, `sw1/2 ${command}`))).toEqual([repeat(command, false)]);
      const seen = logOf(...first, `sw1/2 ${look}`, `sw1/2 ${command}`);
      expect(repeatsOf(seen)).toEqual([repeat(command, true)]);
    }
  });

  test('are not made by questions and by lines that decide nothing', () => {
    const log = logOf('sw1/1 +', 'sw1/1 show version', 'sw1/1 show version', 'sw1/1 y', 'sw1/1 y');
    expect(repeatsOf(log)).toEqual([]);
    expect(decidingLines(log)).toBe(0);
  });
});
