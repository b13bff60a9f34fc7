import { describe, expect, test } from '@jest/globals';
import { Terminal } from './personality-terminal.js';

const MINUTE_MS = 60_000;
const NOTHING = '%No Rollback Confirmed Change pending\r\n';
const ARCHIVE = 'archive\n path flash:archive\n';

function type(terminal: Terminal, ...lines: readonly string[]): readonly string[] {
  return lines.map((line) => terminal.send(line));
}

const config = (terminal: Terminal) => terminal.device.runningConfig;

describe('a change under the timed rollback', () => {
  test('needs an archive', () => {
    const terminal = new Terminal();
    expect(terminal.send('configure terminal revert timer 5')).toBe(
      '%Turn config archive on before using Rollback Confirmed Change\r\n',
    );
    expect(terminal.send('show archive')).toBe('Archive feature not enabled\r\n');
    expect(terminal.prompt).toBe('acc1#');
  });

  test('tells where the copy is, and how long it waits', () => {
    const terminal = new Terminal({ extraConfig: ARCHIVE });
    expect(terminal.send('show archive config rollback timer')).toBe(NOTHING);
    expect(terminal.send('configure terminal revert timer 5')).toMatch(
      /^Rollback Confirmed Change: Backing up current running config to flash:archive-Nov-23-20-00-00\.000-0\r\n\r\nEnter configuration commands/,
    );
    expect(terminal.prompt).toBe('acc1(config)#');
    type(terminal, 'ntp server 192.0.2.1', 'end');
    expect(terminal.send('show archive config rollback timer')).toBe(
      'Time configured(or reconfigured): 20:00:00 UTC Mon Nov 23 2026\r\n' +
        'Timer type: absolute timer\r\nTimer value: 5 min\r\nUser: ops\r\n',
    );
    expect(terminal.send('configure terminal revert timer 5')).toContain('already pending');
  });

  test('goes back when its time is over, not before, and not once it is confirmed', () => {
    const terminal = new Terminal({ extraConfig: ARCHIVE });
    const before = config(terminal);
    type(terminal, 'configure terminal revert timer 5', 'ntp server 192.0.2.1', 'end');
    terminal.pass(4 * MINUTE_MS);
    expect(config(terminal)).toContain('ntp server 192.0.2.1');
    terminal.pass(MINUTE_MS);
    expect(config(terminal)).toBe(before);
    expect(terminal.send('configure confirm')).toBe(NOTHING);
    type(terminal, 'configure terminal revert timer 5', 'ntp server 192.0.2.2', 'end');
    type(terminal, 'configure confirm');
    terminal.pass(60 * MINUTE_MS);
    expect(config(terminal)).toContain('ntp server 192.0.2.2');
  });

  test('goes back at once when told', () => {
    const terminal = new Terminal({ extraConfig: ARCHIVE });
    const before = config(terminal);
    type(terminal, 'configure terminal revert timer 5', 'hostname other', 'end');
    expect(terminal.prompt).toBe('other#');
    expect(terminal.send('configure revert now')).toMatch(
      /^Rollback Confirmed Change: rolling to:flash:archive-\S+\r\n\r\nTotal number of passes: 1\r\nRollback Done\r\n/,
    );
    expect(config(terminal)).toBe(before);
    expect(terminal.prompt).toBe('acc1#');
    expect(terminal.send('configure revert now')).toBe(NOTHING);
  });

  test.each(['0', '121', 'soon'])('takes no timer of %s', (minutes) => {
    const terminal = new Terminal({ extraConfig: ARCHIVE });
    expect(terminal.send(`configure terminal revert timer ${minutes}`)).toContain(
      '% Invalid input',
    );
    expect(terminal.prompt).toBe('acc1#');
  });
});

describe('a scheduled reload', () => {
  test('asks, is shown with its reason, and brings the saved configuration back', () => {
    const terminal = new Terminal();
    const before = config(terminal);
    expect(terminal.send('show reload')).toBe('No reload is scheduled.\r\n');
    expect(terminal.send('reload in 10 patching tonight')).toBe(
      'Reload scheduled for 20:10:00 UTC Mon Nov 23 2026 (in 10 minutes) by ops on vty0 (127.0.0.1)\r\n' +
        'Reload reason: patching tonight\r\n' +
        'Reload command is being issued on Active unit, this will reload the whole stack\r\n' +
        'Proceed with reload? [confirm]',
    );
    terminal.send('y');
    terminal.pass(48_000);
    expect(terminal.send('show reload')).toBe(
      'Reload scheduled for 20:10:00 UTC Mon Nov 23 2026 (in 9 minutes and 12 seconds) by ops on vty0 (127.0.0.1)\r\n' +
        'Reload reason: patching tonight\r\n',
    );
    type(terminal, 'configure terminal', 'ntp server 192.0.2.1', 'end');
    terminal.pass(30 * MINUTE_MS);
    expect(terminal.reloads).toBe(1);
    expect(config(terminal)).toBe(before);
    expect(terminal.send('show reload')).toBe('No reload is scheduled.\r\n');
  });

  test('asks about an unsaved configuration first; is not scheduled by another key; is cancelled', () => {
    const terminal = new Terminal();
    type(terminal, 'configure terminal', 'ntp server 192.0.2.1', 'end');
    expect(terminal.send('reload in 10')).toContain('modified. Save? [yes/no]: ');
    expect(terminal.send('no')).toContain('Reload reason: Reload Command\r\n');
    terminal.send('n');
    expect(terminal.send('show reload')).toBe('No reload is scheduled.\r\n');
    type(terminal, 'reload in 10', 'no', 'y', 'reload cancel');
    terminal.pass(60 * MINUTE_MS);
    expect(terminal.reloads).toBe(0);
    expect(terminal.device.startupConfig).not.toContain('192.0.2.1');
    expect(terminal.send('reload cancel')).toBe('%No reload is scheduled.\r\n');
  });
});

describe('configuration mode', () => {
  test('has sections in sections, and leaves them one by one', () => {
    const terminal = new Terminal();
    const prompts = [
      'configure terminal',
      'router bgp 65010',
      'address-family ipv4',
      'neighbor 192.0.2.9 activate',
      'exit',
      'exit',
      'policy-map MARK',
      'class VOICE',
      'set dscp ef',
      'interface GigabitEthernet1/0/1',
      'exit',
      'exit',
    ].map((line) => {
      terminal.send(line);
      return terminal.prompt;
    });
    expect(prompts.map((each) => each.slice('acc1'.length))).toEqual([
      '(config)#',
      '(config-router)#',
      '(config-router-af)#',
      '(config-router-af)#',
      '(config-router)#',
      '(config)#',
      '(config-pmap)#',
      '(config-pmap-c)#',
      '(config-pmap-c)#',
      '(config-if)#',
      '(config)#',
      '#',
    ]);
    expect(config(terminal)).toContain(
      'router bgp 65010\n address-family ipv4\n  neighbor 192.0.2.9 activate\n',
    );
    expect(config(terminal)).toContain('policy-map MARK\n class VOICE\n  set dscp ef\n');
  });

  test('keeps access lists in the order of their numbers, and gives numbers itself', () => {
    const terminal = new Terminal();
    const lines = ['permit udp any any eq snmp', '5 deny ip host 10.0.0.9 any', 'deny ip any any'];
    type(terminal, 'configure terminal', 'ip access-list extended MON', ...lines, 'no 10', 'end');
    expect(config(terminal)).toContain(
      'ip access-list extended MON\n 5 deny ip host 10.0.0.9 any\n 20 deny ip any any\n',
    );
  });

  test('has statements that `no` sets and `default` takes away', () => {
    const terminal = new Terminal();
    type(terminal, 'configure terminal', 'line vty 0 4', 'exec-timeout 5 0', 'no exec-timeout');
    expect(config(terminal)).toContain('\n exec-timeout 0 0\n');
    type(terminal, 'default exec-timeout', 'end');
    expect(config(terminal)).not.toContain('exec-timeout');
  });

  test('asks before it forgets a user', () => {
    const terminal = new Terminal();
    type(terminal, 'configure terminal', 'username eve privilege 1 secret 9 $9$x');
    const ask = 'Do you want to continue? [confirm]';
    expect(terminal.send('no username eve')).toContain(ask);
    terminal.send('n');
    expect(config(terminal)).toContain('username eve');
    type(terminal, 'no username eve', 'y', 'end');
    expect(config(terminal)).not.toContain('username eve');
  });
});
