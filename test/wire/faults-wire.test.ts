import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import snmp from 'net-snmp';
import { faultSheets } from '../../lab/faults/catalogue.js';
import type { TruthRecord } from '../../lab/world/event-log.js';
import { deviceState, strike, truth } from '../../lab/world/wire-control.js';
import { hostKeyFingerprint } from '../../src/adapters/ssh-handshake.js';
import { runId } from '../../src/kernel/id.js';
import { recall } from '../../src/kernel/recall.js';
import type { Plan } from '../../src/plan/plan.js';
import { readRun } from '../../src/run/run.js';
import type { RunState } from '../../src/run/state.js';
import {
  EOS,
  IOSXE,
  prepareNight,
  type Ended,
  type Night,
  type NightUnit,
} from '../crash/night.js';
import { isListening, tryLogin } from './wire-client.js';

const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_NAME = '1.3.6.1.2.1.1.5.0';

/**
 * One unit a fault. Left out are the two whose limits are seconds of the wall, not of the lab: hung-session and
 * transfer-stalls; test/e2e and test/adapters have them.
 */
const struck: readonly (readonly [fault: string, on: NightUnit['on'], members?: number])[] = [
  ['auth-refused-after-reload', EOS],
  ['boots-old-image', EOS],
  ['config-lost', EOS],
  ['corrupt-copy', EOS],
  ['flash-full', EOS],
  ['flash-full-member', IOSXE, 2],
  ['garbled-output', EOS],
  ['host-key-changed', EOS],
  ['log-lines-in-output', IOSXE],
  ['neighbour-missing', EOS],
  ['never-returns', EOS],
  ['no-common-cipher', EOS],
  ['other-banner', IOSXE],
  ['session-dropped-after', EOS],
  ['session-dropped-before', IOSXE],
  ['slow-boot', EOS],
  ['snmp-lost', EOS],
  ['transfer-dropped', EOS],
  ['truncated-copy', IOSXE],
  ['wrong-hostname', EOS],
];
const sound: NightUnit = { id: 'sound', on: EOS, members: 1 };
const units: readonly NightUnit[] = [
  ...struck.map(([id, on, members = 1]) => ({ id, on, members })),
  sound,
];

interface Outcome {
  readonly ended: Ended;
  readonly plan: Plan;
  readonly state: RunState;
  readonly happened: readonly TruthRecord[];
}

let night: Night;
let outcome: Outcome;

async function runStruck(): Promise<Outcome> {
  for (const [fault] of struck) await strike(night.labFolder, { fault, device: fault });
  const ended = await night.call('run', 'last');
  const store = await night.open();
  try {
    const [planRow] = await store.rows('plan');
    const [runRow] = await store.rows('run');
    if (!planRow || !runRow) throw new Error(`no run:\n${ended.out}`);
    const plan = recall<Plan>(planRow.value);
    const { state } = await readRun(store, runId(runRow.key), plan);
    return { ended, plan, state, happened: await truth(night.labFolder) };
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  night = await prepareNight({
    units,
    links: [['neighbour-missing:Ethernet1', 'sound:Ethernet1']],
    speed: 120,
    parallel: units.length,
    soak: 'PT10M',
  });
  outcome = await runStruck();
}, 180_000);

afterAll(() => night?.end(), 60_000);

function wireDevice(id: string) {
  const found = night.lab.devices.find((each) => each.id === id);
  if (!found) throw new Error(`the lab has no ${id}`);
  return found;
}

/** What an SNMP manager reads now; undefined when nothing answers. */
function read(id: string, oid: string): Promise<string | undefined> {
  const { host, snmpPort = 0 } = wireDevice(id);
  const options = { port: snmpPort, version: snmp.Version2c, timeout: 1000, retries: 0 };
  const session = snmp.createSession(host, 'night-community', options);
  session.on('error', () => {});
  return new Promise((resolve) => {
    session.get([oid], (error, varbinds) => {
      session.close();
      resolve(error ? undefined : String(varbinds?.[0]?.value));
    });
  });
}

const account = { username: 'nightshift', password: 'night-password' };

/** 17.09.04a and 17.9.4a are the same version. */
const plainly = (version: string) => version.replaceAll(/(^|\.)0+(?=\d)/g, '$1');

describe.each(struck)('a real run over SSH and SNMP, when %s strikes', (fault) => {
  const sheet = faultSheets.find((each) => each.id === fault);

  test('ends the unit as the sheet of the fault says', () => {
    const wanted = sheet?.verdict.unit === 'failed-untouched' ? 'dropped' : sheet?.verdict.unit;
    const unit = [...outcome.state.units.values()].find((each) => each.unit === fault);
    expect({ ended: unit?.kind, why: unit?.ended?.why }).toEqual({
      ended: wanted,
      why: expect.any(String),
    });
  });

  test('was really struck, and the lab agrees with the verdict', async () => {
    const happened = outcome.happened.filter((each) => each.device === fault);
    expect(happened.some((each) => each.kind === 'fault-struck')).toBe(true);
    const unit = outcome.plan.body.units.find((each) => each.unit === fault);
    const device = await deviceState(night.labFolder, fault);
    const boots = happened.filter((each) => each.kind === 'boot').length;
    const version = plainly(device.runningVersion);
    switch (sheet?.verdict.unit) {
      case 'done':
        expect([version, boots]).toEqual([plainly(unit?.toVersion ?? ''), 1]);
        break;
      case 'reverted':
        expect(version).toBe(plainly(unit?.fromVersion ?? ''));
        break;
      case 'failed-untouched':
        expect([version, boots]).toEqual([plainly(unit?.fromVersion ?? ''), 0]);
        expect(happened.some((each) => each.kind === 'reload-requested')).toBe(false);
        break;
      case 'lost':
        expect(device.power).toBe('dead');
        break;
      default:
        // Held: up, and left where the fault found it.
        expect([device.power, boots]).toEqual(['up', 1]);
    }
  });
});

describe("what other people's clients see on the wire after the run", () => {
  test('never-returns: the port is shut and SNMP is silent', async () => {
    expect(await isListening(wireDevice('never-returns'))).toBe(false);
    expect(await read('never-returns', SYS_DESCR)).toBeUndefined();
  });

  test('host-key-changed: the handshake shows another key than before', async () => {
    const seen = await tryLogin(wireDevice('host-key-changed'), account);
    const shown = hostKeyFingerprint(seen.hostKey);
    expect(shown).toMatch(/^SHA256:/);
    expect(shown).not.toBe(wireDevice('host-key-changed').hostKey);
    const same = await tryLogin(wireDevice('sound'), account);
    expect(hostKeyFingerprint(same.hostKey)).toBe(wireDevice('sound').hostKey);
  });

  test('auth-refused-after-reload: the right password is refused, SNMP answers', async () => {
    const seen = await tryLogin(wireDevice('auth-refused-after-reload'), account);
    expect(seen.refused).toMatch(/authentication methods failed/);
    expect(await read('auth-refused-after-reload', SYS_DESCR)).toContain(EOS.to);
    expect((await tryLogin(wireDevice('sound'), account)).refused).toBeUndefined();
  });

  test('boots-old-image: the old version stands in sysDescr again', async () => {
    expect(await read('boots-old-image', SYS_DESCR)).toContain(EOS.from);
    expect(await read('sound', SYS_DESCR)).toContain(EOS.to);
  });

  test('snmp-lost: no manager gets an answer, SSH does', async () => {
    expect(await read('snmp-lost', SYS_DESCR)).toBeUndefined();
    expect((await tryLogin(wireDevice('snmp-lost'), account)).refused).toBeUndefined();
  });

  test('wrong-hostname: sysName is not that of the inventory', async () => {
    expect(await read('wrong-hostname', SYS_NAME)).toBe('Router');
    expect(await read('sound', SYS_NAME)).toBe('sound');
  });
});

test('the run ends with the code of a part that failed, and the unit that nothing struck is done', () => {
  expect(outcome.state.finished).toBe(true);
  expect(outcome.ended.code).toBe(5);
  const kinds = [...outcome.state.units.values()].map((each) => [each.unit, each.kind]);
  expect(kinds).toContainEqual(['sound', 'done']);
});
