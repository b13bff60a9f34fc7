import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/juniper_junos/index.js';
import type { Step } from '../../../src/driver/step.js';
import { imageFor } from './bench.js';
import { recorded } from './recorded.js';
import { act, probe } from './scripted.js';

const MINUTE_MS = 60_000;

function stepOf(file: string, id: string): Step {
  const { facts } = recorded(file);
  const image = imageFor(facts.model);
  const proposal = driver.upgrade({ version: image.version, image, drain: true }, facts);
  const all = proposal.kind === 'steps' ? [...proposal.steps, ...proposal.rollback] : [];
  const step = all.find((each) => each.id === id);
  if (!step) throw new Error(`no step ${id}`);
  return step;
}

const shown = (file: string, line: string) => recorded(file).commands[line] ?? '';

describe('a reboot', () => {
  const reload = stepOf('mx-single-before', 'reload');
  const uptimeMs = recorded('mx-single-before').facts.uptimeMs ?? 0;
  const known = { reload: { uptimeBeforeMs: uptimeMs, observedAtMs: 0 } };
  const booted = {
    'show system uptime':
      'Current time: 2026-11-23 19:30:00 UTC\nSystem booted: 2026-11-23 19:25:00 UTC (00:05 ago)\n',
  };
  const newer = shown('mx-single-before', 'show version').replaceAll('21.4R3-S5.4', '22.4R3-S2.11');

  test('has not happened before it was asked for, and its uptime is kept', async () => {
    expect(await probe(reload)).toMatchObject({
      answer: 'absent',
      known: { uptimeBeforeMs: uptimeMs, observedAtMs: 0 },
    });
  });

  test('has not happened while the device is up without a break', async () => {
    const scene = { known, intentAtMs: 0, nowMs: 90_000 };
    expect(await probe(reload, scene)).toMatchObject({ answer: 'absent' });
  });

  test('is done when the new version runs', async () => {
    const answers = { ...booted, 'show version': newer };
    expect(await probe(reload, { known, intentAtMs: 0, answers })).toMatchObject({
      answer: 'done',
    });
  });

  test('has failed when the device came back with the old version', async () => {
    const scene = { known, intentAtMs: 0, nowMs: 20 * MINUTE_MS, answers: booted };
    expect(await probe(reload, scene)).toMatchObject({ answer: 'failed' });
  });

  test('is not done while another version waits for the next boot', async () => {
    const back = stepOf('mx-single-before', 'rollback-reload');
    expect(await probe(back)).toMatchObject({ answer: 'done' });
    expect(await probe(back, { file: 'mx-single-armed' })).toMatchObject({ answer: 'absent' });
  });

  test('is refused where the device asks something else', async () => {
    const { send } = reload.commands[0] ?? { send: '' };
    const text = 'Delete all files ? [yes,no] (no) ';
    expect(await act(reload, { outcomes: { [send]: { kind: 'question', text } } })).toMatchObject({
      kind: 'ambiguous',
      why: expect.stringContaining('Delete all files'),
    });
  });

  test('of two engines waits for the one that is not back', async () => {
    const dual = stepOf('mx-dual-before', 'reload');
    const line = 'show chassis routing-engine';
    const uptime = 'show system uptime invoke-on all-routing-engines';
    const scene = {
      file: 'mx-dual-after',
      known: { reload: { uptimeBeforeMs: 83 * 86_400_000, observedAtMs: 0 } },
      intentAtMs: 0,
      nowMs: 20 * MINUTE_MS,
    };
    const away = shown('mx-dual-after', line).replace(
      /Current state {18}Backup/,
      'Current state                  Present',
    );
    const answers = { [line]: away, [uptime]: shown('mx-dual-after', uptime) };
    expect(await probe(dual, { ...scene, answers })).toMatchObject({
      answer: 'partial',
      why: 're1 is present',
    });
    expect(await probe(dual, scene)).toMatchObject({ answer: 'done' });
  });
});

describe('an installation', () => {
  const install = stepOf('mx-single-before', 'install-re0');

  test('is done when the version waits for the next boot', async () => {
    expect(await probe(install)).toMatchObject({ answer: 'absent' });
    expect(await probe(install, { file: 'mx-single-armed' })).toMatchObject({ answer: 'done' });
  });

  test('is held when something else waits for the next boot', async () => {
    const text = shown('mx-single-armed', 'show version').replace(
      'Pending: 22.4R3-S2.11',
      'Pending: 23.2R1.14',
    );
    const scene = { file: 'mx-single-armed', answers: { 'show version': text } };
    expect(await probe(install, scene)).toMatchObject({ answer: 'unknown' });
  });

  test('is refused in the words of the device', async () => {
    const line = install.commands[0]?.send ?? '';
    const marker = 'ERROR: insufficient space';
    const outcomes = { [line]: { kind: 'failed' as const, text: marker, marker } };
    expect(await act(install, { outcomes })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('insufficient space'),
    });
  });

  test('that is under way already is waited for: its session may have broken', async () => {
    const line = install.commands[0]?.send ?? '';
    const marker = 'ERROR: Another package installation is in progress. Try again later.';
    const outcomes = { [line]: { kind: 'failed' as const, text: marker, marker } };
    expect(await act(install, { outcomes })).toMatchObject({ kind: 'ambiguous' });
    expect(install.settleMs).toBeGreaterThanOrEqual(install.expectedMs);
  });
});

describe('on a vmhost that does not tell what waits', () => {
  const install = stepOf('mx-vmhost-before', 'install-re0');
  const back = stepOf('mx-vmhost-before', 'rollback-software-re0');
  const line = 'show vmhost version';
  const before = shown('mx-vmhost-before', line);
  const after = before.replaceAll('20.4R3-S4.8', '22.4R3-S2.11');
  const scene = (text: string) => ({ file: 'mx-vmhost-before', answers: { [line]: text } });
  const seen = { upgradeTimeBefore: 'Fri Aug 14 22:10:41 UTC 2026', otherSetBefore: '20.4R3-S4.8' };

  test('the other set shows an installation, once it holds something else than before', async () => {
    expect(await probe(install, scene(before))).toMatchObject({ answer: 'absent', known: seen });
    const known = { 'install-re0': seen };
    expect(await probe(install, { ...scene(after), known })).toMatchObject({ answer: 'done' });
  });

  test('a set that held the version all along proves nothing', async () => {
    const known = { 'install-re0': { ...seen, otherSetBefore: '22.4R3-S2.11' } };
    expect(await probe(install, { ...scene(after), known })).toMatchObject({ answer: 'absent' });
  });

  test('a rollback whose answer was lost is left to people', async () => {
    const known = { 'install-re0': { ...seen, installed: true } };
    expect(await probe(back, { ...scene(after), known })).toMatchObject({ answer: 'absent' });
    const lost = { ...scene(after), known, intentAtMs: 1 };
    expect(await probe(back, lost)).toMatchObject({ answer: 'unknown' });
    const told = { ...known, 'rollback-software-re0': { takenBack: true } };
    expect(await probe(back, { ...lost, known: told })).toMatchObject({ answer: 'done' });
  });

  test('nothing is taken back where nothing was installed', async () => {
    expect(await probe(back, scene(before))).toMatchObject({ answer: 'done' });
  });
});

test('what was installed and never shown as pending is taken back all the same, once', async () => {
  const back = stepOf('mx-single-before', 'rollback-software-re0');
  const known = { 'install-re0': { installed: true } };
  expect(await probe(back)).toMatchObject({ answer: 'done' });
  expect(await probe(back, { known })).toMatchObject({ answer: 'absent' });
  expect(await probe(back, { known, intentAtMs: 1 })).toMatchObject({ answer: 'unknown' });
  const told = { ...known, 'rollback-software-re0': { takenBack: true } };
  expect(await probe(back, { known: told, intentAtMs: 1 })).toMatchObject({ answer: 'done' });
});

describe('a drain', () => {
  const drain = stepOf('mx-dual-before', 'drain');
  const line = 'show configuration protocols';
  const plain = shown('mx-dual-before', line);
  const both = plain
    .replace('isis {', 'isis {\n    overload;')
    .replace('ospf {', 'ospf {\n    overload;');

  test.each([
    ['absent', plain],
    ['partial', plain.replace('isis {', 'isis {\n    overload;')],
    ['done', both],
  ])('is %s', async (answer, text) => {
    const scene = { file: 'mx-dual-before', answers: { [line]: text } };
    expect(await probe(drain, scene)).toMatchObject({ answer });
  });

  test('that somebody else keeps from being typed sends nothing more', async () => {
    const marker = 'error: configuration database modified';
    const outcomes = { 'configure exclusive': { kind: 'failed' as const, text: marker, marker } };
    expect(await act(drain, { file: 'mx-dual-before', outcomes })).toMatchObject({
      kind: 'refused',
      sent: ['configure exclusive'],
    });
  });
});

test('a validation that fails is refused, one that succeeds is kept in mind', async () => {
  const validate = stepOf('mx-single-before', 'validate');
  const line = validate.commands[0]?.send ?? '';
  const said = (text: string) => ({
    [line]: { kind: 'output' as const, text, mode: 'operational' },
  });
  expect(await act(validate, { outcomes: said('mgd: error\nValidation failed') })).toMatchObject({
    kind: 'refused',
  });
  const good = await act(validate, { outcomes: said('Validation succeeded') });
  expect(good).toMatchObject({ kind: 'acted', known: { validated: true } });
  expect(await probe(validate)).toMatchObject({ answer: 'absent' });
  expect(await probe(validate, { known: { validate: { validated: true } } })).toMatchObject({
    answer: 'done',
  });
});
