import { describe, expect, test } from '@jest/globals';
import { openSession, switchFor, type TestSession } from './personality-session.js';

const MINUTE = 60_000;

function ready(version = '4.28.3M'): TestSession {
  const session = openSession(switchFor({ version }));
  session.send('enable');
  session.send('terminal length 0');
  return session;
}

function patching(version?: string): TestSession {
  const session = ready(version);
  session.send('configure session nightshift-1');
  session.send('interface Ethernet1');
  session.send('description changed');
  return session;
}

const runs = (session: TestSession) => session.device().runningConfig.includes('changed');

describe('a configuration session of the simulated EOS', () => {
  test('shows six characters of its name, in every section', () => {
    const session = ready();
    session.send('configure session nightshift-1');
    expect(session.prompt()).toBe('sw1(config-s-nights)#');
    session.send('interface Ethernet1');
    expect(session.prompt()).toBe('sw1(config-s-nights-if-Et1)#');
    session.send('exit');
    expect(session.prompt()).toBe('sw1(config-s-nights)#');
    session.send('exit');
    expect(session.prompt()).toBe('sw1#');
  });

  test('has a candidate of its own that waits when it is left, and shows what differs', () => {
    const session = patching();
    expect(session.send('show session-config diffs')).toContain('+   description changed');
    session.send('end');
    expect(runs(session)).toBe(false);
    expect(session.send('show configuration sessions')).toMatch(/nightshift-1 +pending/);
    session.send('configure session nightshift-1');
    expect(session.send('show session-config')).toContain('description changed');
    session.send('abort');
    expect(session.send('show configuration sessions')).not.toContain('nightshift-1');
    expect(runs(session)).toBe(false);
  });

  test('runs by its commit, and is not saved by it', () => {
    const session = patching();
    session.send('commit');
    expect(session.prompt()).toBe('sw1#');
    expect(runs(session)).toBe(true);
    expect(session.device().startupConfig).not.toContain('changed');
    expect(session.send('show configuration sessions detail')).toMatch(/nightshift-1 +completed/);
  });

  test.each([
    ['4.28.3M', /nightshift-1 +pendingCommitTimer +5m0s/],
    ['4.32.1F', /^Session with pending commit timer: nightshift-1\r$/m],
  ])('on %s tells of the timer that runs', (version, words) => {
    const session = patching(version);
    session.send('commit timer 00:05:00');
    expect(runs(session)).toBe(true);
    expect(session.send('show configuration sessions detail')).toMatch(words);
  });

  test('goes back when its timer is over, and says so in the log', () => {
    const session = patching();
    session.send('commit timer 00:05:00');
    session.timer('commit-timer', 4 * MINUTE);
    expect(runs(session)).toBe(true);
    session.timer('commit-timer', MINUTE);
    expect(runs(session)).toBe(false);
    expect(session.send('show logging')).toContain('CONFIG_SESSION_COMMIT_TIMER_TIMEDOUT');
    expect(session.send('configure session nightshift-1 commit')).toContain('not found');
  });

  test('stays when it is confirmed', () => {
    const session = patching();
    session.send('commit timer 00:05:00');
    expect(session.send('configure session nightshift-1')).toContain('pendingCommitTimer');
    session.send('configure session nightshift-1 commit');
    session.timer('commit-timer', 6 * MINUTE);
    expect(runs(session)).toBe(true);
  });

  test('goes back at once when it is aborted while its timer runs', () => {
    const session = patching();
    session.send('commit timer 00:05:00');
    session.send('configure session nightshift-1 abort');
    expect(runs(session)).toBe(false);
  });

  test('cannot be committed while the timer of another runs', () => {
    const session = patching();
    session.send('commit timer 00:05:00');
    session.send('configure session other');
    session.send('hostname other');
    expect(session.send('commit')).toContain('another session nightshift-1');
    expect(session.prompt()).toBe('sw1(config-s-other)#');
  });

  test('is one of five at most, with a name that is one', () => {
    const session = ready();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      session.send(`configure session ${name}`);
      session.send('end');
    }
    expect(session.send('configure session f')).toContain('% Maximum number');
    expect(session.send('configure session ../x')).toContain('% Cannot');
    session.send('configure session a');
    expect(session.send('commit timer 25:00:00')).toContain('% Invalid');
    expect(session.send('commit timer 0:0:0')).toContain('% Invalid');
  });
});

describe('an access list of the simulated EOS', () => {
  test('is in the order of its numbers', () => {
    const session = ready();
    session.send('configure');
    session.send('ip access-list OPS');
    for (const line of ['permit ip any any', '5 deny ip host 10.0.0.1 any', '7 remark x', 'no 7'])
      session.send(line);
    session.send('permit tcp any any');
    expect(session.device().runningConfig).toContain(
      [
        'ip access-list OPS',
        '   5 deny ip host 10.0.0.1 any',
        '   10 permit ip any any',
        '   20 permit tcp any any',
      ].join('\n'),
    );
  });
});
