import { beforeEach, describe, expect, test } from '@jest/globals';
import { diffConfig } from '../../../src/config/diff.js';
import { applyLines } from '../../../src/config/apply.js';
import { parseConfig } from '../../../src/config/parse.js';
import { patchLines } from '../../../src/config/patch.js';
import type { Known, Step, StepContext } from '../../../src/driver/step.js';
import { fillHoles } from '../../../src/run/step-context.js';
import { openSession, type ShellSession } from '../../../src/session/session.js';
import { conformers } from '../../conformance/conformer.js';
import { loneDevice, type LoneDevice } from '../../conformance/lone-device.js';
import { driver } from '../../../drivers/fortinet_fortios/index.js';

const one = conformers.find(({ id }) => id === 'fortinet_fortios');
const recorded = one?.transcripts.find(({ file }) => file === 'single-before.json');
if (!one || !recorded || !driver.config) throw new Error('nothing recorded');
const { config } = driver;

const PATCH = [
  'config firewall address',
  'edit "printers"',
  'set subnet 10.44.40.0 255.255.255.0',
  'next',
  'end',
  'config system global',
  'set admintimeout 20',
  'end',
];

/** A change of the configuration that the device has now. */
function changeOf(text: string, patch: readonly string[] = PATCH) {
  const parsed = parseConfig(text, config.rules);
  if (parsed.kind !== 'tree') throw new Error(JSON.stringify(parsed.findings));
  const applied = applyLines(parsed.tree, patch, config.rules);
  if (applied.kind !== 'tree') throw new Error(JSON.stringify(applied.findings));
  const [before, after] = [parsed.tree, applied.tree];
  return {
    apply: patchLines(before, after, config.rules),
    revert: patchLines(after, before, config.rules),
    delta: diffConfig(before, after, config.rules),
    revertAfterMs: 600_000,
    guarded: [],
  };
}

async function permitted(lone: LoneDevice): Promise<ShellSession> {
  const { dialer, clock } = lone.sim.ports;
  const dialled = await dialer.dial({
    endpoint: { host: '127.20.8.1', port: 22 },
    username: 'ops',
    auth: [{ kind: 'password', password: 'lab-secret' }],
    algorithms: 'modern',
    acceptHostKey: () => true,
    timeoutMs: 30_000,
    keepaliveMs: 30_000,
  });
  if (dialled.kind !== 'connected') throw new Error(dialled.kind);
  const channel = await dialled.connection.openShell();
  if (!channel) throw new Error('no shell');
  const limits = { idleMs: 30_000, totalMs: 180_000, outputBytesMax: 8_000_000 };
  const { dialect } = driver.platform;
  const permit = { current: () => true };
  const opened = await openSession(channel, { dialect, clock, limits, permit });
  if (opened.kind !== 'open') throw new Error(opened.kind);
  return opened.session;
}

describe('a change of the configuration of a simulated FortiGate', () => {
  let lone: LoneDevice;
  let known: Record<string, Known[string]>;
  let steps: readonly Step[];
  let rollback: readonly Step[];

  const running = () => driver.maskConfig(lone.device().runningConfig);
  const saved = () => driver.maskConfig(lone.device().startupConfig);
  const stepNamed = (id: string): Step => {
    const found = [...steps, ...rollback].find((each) => each.id === id);
    if (!found) throw new Error(`no step ${id}`);
    return found;
  };

  /** One look, or one look and one act, as the engine does it. */
  async function run(id: string, what: 'probe' | 'act', intentAtMs?: number) {
    const step = stepNamed(id);
    const kind = driver.stepKinds.find((each) => each.kind === step.kind);
    if (!kind) throw new Error(step.kind);
    const session = await permitted(lone);
    const context: StepContext = {
      step,
      known,
      nowMs: lone.nowMs(),
      intentAtMs,
      pause: () => Promise.resolve(),
      session: () => Promise.resolve(session),
      send(index) {
        const line = step.commands[index];
        if (!line) throw new Error('no such line');
        return session.send(fillHoles(line, known), { dialogs: line.dialogs });
      },
      upload: () => Promise.reject(new Error('nothing is copied')),
      offer: () => Promise.reject(new Error('nothing is offered')),
      image: () => {
        throw new Error('no image');
      },
      keep: () => Promise.resolve(''),
      progress: () => undefined,
    };
    const result = await (what === 'probe' ? kind.probe(context) : kind.act(context));
    if ('known' in result && result.known) known[id] = { ...known[id], ...result.known };
    session.close();
    return result;
  }
  const probe = (id: string, intentAtMs?: number) =>
    lone.sim.scheduler.drain(run(id, 'probe', intentAtMs));
  const act = (id: string) => lone.sim.scheduler.drain(run(id, 'act', lone.nowMs()));

  async function plan(patch: readonly string[]): Promise<void> {
    known = {};
    const facts = await lone.use((session) => driver.facts(session));
    const text = await lone.use((session) => driver.readConfig(session, 'running'));
    const proposal = config.propose(changeOf(text, patch), facts);
    if (proposal.kind !== 'steps') throw new Error(proposal.why);
    ({ steps, rollback } = proposal);
  }

  beforeEach(async () => {
    lone = await loneDevice(one, recorded);
    await plan(PATCH);
  });

  test('is in force and not saved after it was applied, and saved when it is confirmed', async () => {
    expect(await probe('apply-config')).toMatchObject({ answer: 'absent' });
    expect(await act('apply-config')).toMatchObject({ kind: 'acted' });
    expect(await probe('apply-config', lone.nowMs())).toMatchObject({ answer: 'done' });
    expect(running()).toContain('edit "printers"');
    expect(saved()).not.toContain('edit "printers"');
    expect(await probe('confirm-config')).toMatchObject({ answer: 'absent' });
    expect(await act('confirm-config')).toEqual({ kind: 'acted' });
    expect(await probe('confirm-config', lone.nowMs())).toMatchObject({ answer: 'done' });
    expect(saved()).toBe(running());
    expect(saved()).toContain('edit "printers"');
    expect(saved()).not.toContain('cfg-save revert');
  });

  test('is in force when it gave a setting its default, which the device then leaves out', async () => {
    const table = 'config system dns';
    await plan([table, 'set secondary 10.9.9.9', 'end']);
    await probe('apply-config');
    await act('apply-config');
    await act('confirm-config');
    await plan([table, 'set secondary 96.45.46.46', 'end']);
    expect(await probe('apply-config')).toMatchObject({ answer: 'absent' });
    expect(await act('apply-config')).toEqual({ kind: 'acted' });
    expect(running()).not.toContain('set secondary');
    expect(await probe('apply-config', lone.nowMs())).toMatchObject({ answer: 'done' });
    expect(await act('rollback-config')).toEqual({ kind: 'acted' });
    expect(await probe('rollback-config', lone.nowMs())).toMatchObject({ answer: 'done' });
    expect(running()).toContain('set secondary 10.9.9.9');
  });

  test('goes back by itself when nobody confirms it', async () => {
    const before = running();
    await probe('apply-config');
    await act('apply-config');
    expect(running()).not.toBe(before);
    await lone.sim.scheduler.advance(1_800_000);
    expect(running()).not.toContain('edit "printers"');
    expect(await probe('confirm-config')).toMatchObject({ answer: 'failed' });
    // The device took its own save mode for saved: that is put right, and nothing else is sent.
    expect(await probe('rollback-config')).toMatchObject({ answer: 'partial' });
    expect(await act('rollback-config')).toEqual({ kind: 'acted' });
    expect(await probe('rollback-config', lone.nowMs())).toMatchObject({ answer: 'done' });
    expect(running()).toBe(before);
  });

  test('is taken back line by line, with the save mode as it was', async () => {
    const before = running();
    await probe('apply-config');
    await act('apply-config');
    expect(await probe('rollback-config')).toMatchObject({ answer: 'absent' });
    expect(await act('rollback-config')).toEqual({ kind: 'acted' });
    expect(await probe('rollback-config', lone.nowMs())).toMatchObject({ answer: 'done' });
    expect(running()).toBe(before);
    expect(saved()).toBe(before);
  });

  test('that was saved already is taken back as well', async () => {
    const before = running();
    await probe('apply-config');
    await act('apply-config');
    await act('confirm-config');
    expect(await act('rollback-config')).toEqual({ kind: 'acted' });
    expect(await probe('rollback-config', lone.nowMs())).toMatchObject({ answer: 'done' });
    expect(running()).toBe(before);
    expect(saved()).toBe(before);
  });
});
