import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/arista_eos/index.js';
import { parseConfigSessions } from '../../../drivers/arista_eos/config-sessions.js';
import type { ConfigChange } from '../../../src/driver/config-support.js';
import type { Step, StepKind } from '../../../src/driver/step.js';
import type { CommandOutcome } from '../../../src/session/dialect.js';
import { contextOf, transcript, type Setting } from './scripted.js';

const { facts } = transcript('single-before');
const MINUTE = 60_000;

const change: ConfigChange = {
  apply: ['ntp server 192.0.2.10'],
  revert: ['no ntp server 192.0.2.10'],
  delta: { added: [['ntp server 192.0.2.10']], removed: [['ntp server 192.0.2.9']], ordered: [] },
  revertAfterMs: 90 * MINUTE,
  guarded: [],
};

function stepsOf(one: ConfigChange): readonly Step[] {
  const answer = driver.config?.propose(one, facts);
  return answer?.kind === 'steps' ? [...answer.steps, ...answer.rollback] : [];
}

function stepOf(id: string): { readonly step: Step; readonly kind: StepKind } {
  const step = stepsOf(change).find((each) => each.id === id);
  const kind = driver.stepKinds.find((each) => each.kind === step?.kind);
  if (!step || !kind) throw new Error(`no step ${id}`);
  return { step, kind };
}

const NAME = stepOf('apply-config').step.commands[1]?.send.split(' ').at(-1) ?? '';

const BEFORE = '! Command: show running-config\nhostname sw1\nntp server 192.0.2.9\nend\n';
const AFTER = BEFORE.replace('192.0.2.9', '192.0.2.10');
const BETWEEN = BEFORE.replace('ntp server', 'ntp server 192.0.2.10\nntp server');

/** As EOS printed it up to 4.31. */
function table(rows: string): string {
  return [
    'Maximum number of completed sessions: 1',
    'Maximum number of pending sessions: 5',
    '',
    '  Name                     State                    User       Terminal       Commit Time Left',
    '  --------------------- ------------------------ ---------- -------------- ----------------------',
    rows,
    '',
  ].join('\n');
}

const QUIET = table('  other-change             completed');
const TIMED = table(`  ${NAME}     pendingCommitTimer                                  4m56s`);
const OPEN = table(`* ${NAME}     pending                  ops        vty3`);
const FOREIGN = table(
  '  other-change             pendingCommitTimer                              1m2s',
);
/** As it prints it from 4.32 on. */
const MODERN = `Maximum number of completed sessions: 1
Maximum number of pending sessions: 5
Merge on commit is disabled
Autosave to startup-config on commit is disabled

Session with pending commit timer: ${NAME}
Time left until commit timer expiry: in 0:04:59

  Name                    State     User  Terminal Completed Time      Committed By
- ----------------------- --------- ----- -------- ------------------- ------------
  ${NAME} committed                2026-09-27 10:00:00 admin
  left-behind             pending   admin vty8
`;

function device(running: string, sessions: string, startup = BEFORE): Setting['commands'] {
  return {
    'show running-config': running,
    'show startup-config': startup,
    'show configuration sessions detail': sessions,
  };
}

async function probe(id: string, setting: Setting) {
  const { step, kind } = stepOf(id);
  return (await kind.probe(contextOf(step, setting).context)).answer;
}

const inSession: CommandOutcome = { kind: 'output', text: '', mode: 'config-session' };
const refusal: CommandOutcome = {
  kind: 'output',
  text: '% Subnet 10.0.12.0 overlaps with existing subnet 10.0.12.0 of interface Ethernet1',
  mode: 'config-session',
};

async function act(id: string, setting: Setting) {
  const { step, kind } = stepOf(id);
  const { context, sent } = contextOf(step, setting);
  return { ...(await kind.act(context)), sent };
}

describe('the list of configuration sessions', () => {
  test('is read in both forms', () => {
    expect(parseConfigSessions(TIMED)).toMatchObject({ timed: NAME, open: [] });
    expect(parseConfigSessions(OPEN)).toMatchObject({ timed: undefined, open: [NAME] });
    expect(parseConfigSessions(MODERN)).toEqual({
      timed: NAME,
      open: ['left-behind'],
      savesOnCommit: false,
    });
    expect(
      parseConfigSessions(
        MODERN.replace(
          'startup-config on commit is disabled',
          'startup-config on commit is enabled',
        ),
      ),
    ).toMatchObject({ savesOnCommit: true });
  });

  test('is nothing else', () => {
    expect(parseConfigSessions('')).toBeUndefined();
    expect(parseConfigSessions("% Invalid input (at token 1: 'configuration')")).toBeUndefined();
    expect(parseConfigSessions('pending '.repeat(50_000))).toBeUndefined();
  });
});

describe('apply-config', () => {
  test.each([
    ['after', AFTER, TIMED, 'done'],
    ['before', BEFORE, QUIET, 'absent'],
    ['before, a candidate left behind', BEFORE, OPEN, 'absent'],
    ['between', BETWEEN, QUIET, 'unknown'],
    ['sessions not listed', BEFORE, "% Invalid input (at token 1: 'c')", 'unknown'],
    ['sessions garbled', BEFORE, 'moo', 'unknown'],
  ])('%s: %s', async (_name, running, sessions, answer) => {
    expect(await probe('apply-config', { commands: device(running, sessions) })).toBe(answer);
  });

  test('fails when the timer that it started would be over', async () => {
    const at = (nowMs: number) => ({ commands: device(BEFORE, QUIET), nowMs, intentAtMs: 1000 });
    expect(await probe('apply-config', at(89 * MINUTE))).toBe('absent');
    expect(await probe('apply-config', at(91 * MINUTE))).toBe('failed');
  });

  test('types the lines in a session of its own and starts its timer', async () => {
    const outcomes = { 1: inSession, 2: inSession };
    expect(await act('apply-config', { commands: device(BEFORE, QUIET), outcomes })).toEqual({
      kind: 'acted',
      sent: [`configure session ${NAME}`, 'ntp server 192.0.2.10', 'commit timer 01:30:00'],
    });
  });

  test('drops first what an earlier try left behind', async () => {
    const outcomes = { 1: inSession, 2: inSession };
    const { sent } = await act('apply-config', { commands: device(BEFORE, OPEN), outcomes });
    expect(sent[0]).toBe(`configure session ${NAME} abort`);
  });

  test('gives the session up where a line is refused, in whatever words', async () => {
    const outcomes = { 1: inSession, 2: refusal };
    const done = await act('apply-config', { commands: device(BEFORE, QUIET), outcomes });
    expect(done).toMatchObject({ kind: 'refused', why: expect.stringContaining('overlaps') });
    expect(done.sent.at(-1)).toBe('abort');
  });

  test('types nothing where no session was opened', async () => {
    const done = await act('apply-config', { commands: device(BEFORE, QUIET) });
    expect(done).toMatchObject({ kind: 'refused', sent: [`configure session ${NAME}`] });
  });

  test('does not know what came of a commit behind which the session ended', async () => {
    const closed = { kind: 'closed', text: '', detail: 'reset' } as const;
    const outcomes = { 1: inSession, 2: inSession, 3: closed };
    const done = await act('apply-config', { commands: device(BEFORE, QUIET), outcomes });
    expect(done.kind).toBe('ambiguous');
  });

  test('keeps away from a change of somebody else that is not confirmed yet', async () => {
    const done = await act('apply-config', { commands: device(BEFORE, FOREIGN) });
    expect(done).toMatchObject({ kind: 'refused', sent: [] });
  });
});

describe('confirm-config', () => {
  test.each([
    ['in force, its timer runs', AFTER, TIMED, 'absent'],
    ['in force, its timer runs, 4.32', AFTER, MODERN, 'absent'],
    ['in force for good', AFTER, QUIET, 'done'],
    ['taken back', BEFORE, QUIET, 'failed'],
    ['in force under the timer of another', AFTER, FOREIGN, 'unknown'],
    ['in part', BETWEEN, QUIET, 'unknown'],
  ])('%s', async (_name, running, sessions, answer) => {
    expect(await probe('confirm-config', { commands: device(running, sessions) })).toBe(answer);
  });

  test('names its own session', async () => {
    const { sent } = await act('confirm-config', { commands: device(AFTER, TIMED) });
    expect(sent).toEqual([`configure session ${NAME} commit`]);
  });
});

describe('rollback-config', () => {
  test.each([
    ['nothing was done', BEFORE, QUIET, 'done'],
    ['a candidate is left', BEFORE, OPEN, 'partial'],
    ['the change is in force', AFTER, TIMED, 'absent'],
    ['the change is in force in part', BETWEEN, QUIET, 'partial'],
  ])('%s', async (_name, running, sessions, answer) => {
    expect(await probe('rollback-config', { commands: device(running, sessions) })).toBe(answer);
  });

  test('drops a candidate and types nothing else', async () => {
    const done = await act('rollback-config', { commands: device(BEFORE, OPEN) });
    expect(done).toEqual({ kind: 'acted', sent: [`configure session ${NAME} abort`] });
  });

  test('undoes line by line what was confirmed already', async () => {
    const outcomes = { 2: inSession, 3: inSession };
    const done = await act('rollback-config', { commands: device(AFTER, QUIET), outcomes });
    expect(done).toEqual({
      kind: 'acted',
      sent: [`configure session ${NAME}-back`, 'no ntp server 192.0.2.10', 'commit'],
    });
  });
});

describe('rollback-startup', () => {
  test.each([
    ['never saved', BEFORE, 'done'],
    ['saved', AFTER, 'absent'],
    ['other unsaved lines', BETWEEN, 'done'],
    ['no startup config', '', 'done'],
  ])('%s', async (_name, startup, answer) => {
    const commands = device(BEFORE, QUIET, startup);
    expect(await probe('rollback-startup', { commands })).toBe(answer);
  });
});

describe('a change is refused', () => {
  test.each([
    ['longer than the timer of a session', { revertAfterMs: 24 * 60 * MINUTE }],
    ['with half a minute', { revertAfterMs: 90_500 }],
    ['with a banner', { apply: ['banner motd', 'hello', 'EOF'] }],
    ['with another hostname', { apply: ['hostname sw9'] }],
    ['with a hidden second line', { apply: ['ntp server 192.0.2.10\nreload now'] }],
    ['with a line that no terminal takes', { revert: [`ntp server ${'x'.repeat(600)}`] }],
  ])('%s', (_name, part) => {
    const answer = driver.config?.propose({ ...change, ...part }, facts);
    expect(answer).toMatchObject({ kind: 'refused', mend: expect.stringContaining('.') });
  });
});
