import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import snmp, { type Session } from 'net-snmp';
import { WireSnmp } from '../../lab/world/wire-snmp.js';
import type { WireDevice } from '../../lab/world/wire-folder.js';
import { labDevice, labWorld, reload } from '../lab/lab-network.js';
import { eosSwitch, startLab, stopLabs, type RunningLab } from './wire-spec.js';
import { within } from './wire-client.js';

const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const SYS_NAME = '1.3.6.1.2.1.1.5.0';

const user = {
  version: 'v3',
  user: 'night',
  authProtocol: 'sha256',
  authKey: 'authentication',
  privProtocol: 'aes',
  privKey: 'privacy-pass',
} as const;

let lab: RunningLab;
const sessions: Session[] = [];
beforeAll(async () => {
  lab = await startLab(
    [eosSwitch('sw1', { address: '127.73.0.1', snmp: { community: 'lab', users: [user] } })],
    { speed: 20 },
  );
}, 60_000);
afterAll(async () => {
  for (const session of sessions) session.close();
  await stopLabs();
});

function keep(session: Session): Session {
  sessions.push(session);
  session.on('error', () => {});
  return session;
}

function v2c(device: WireDevice, community = 'lab', timeout = 2000): Session {
  const options = { port: device.snmpPort ?? 0, version: snmp.Version2c, timeout, retries: 0 };
  return keep(snmp.createSession(device.host, community, options));
}

function v3(device: WireDevice, patch: { authKey?: string; privKey?: string } = {}): Session {
  const { authKey = user.authKey, privKey = user.privKey } = patch;
  return keep(
    snmp.createV3Session(
      device.host,
      {
        name: user.user,
        level: snmp.SecurityLevel.authPriv,
        authProtocol: snmp.AuthProtocols.sha256,
        authKey,
        privProtocol: snmp.PrivProtocols.aes,
        privKey,
      },
      { port: device.snmpPort ?? 0, version: snmp.Version3, timeout: 1000, retries: 0 },
    ),
  );
}

function get(session: Session, oids: string[]): Promise<string[]> {
  const got = new Promise<string[]>((resolve, reject) => {
    session.get(oids, (error, varbinds) => {
      if (error) return reject(error);
      resolve((varbinds ?? []).map(({ value }) => String(value)));
    });
  });
  return within(got, 'SNMP answer');
}

describe.each([
  ['v2c', v2c],
  ['v3', v3],
])('an SNMP %s read', (_version, open) => {
  test('gives what the device is now', async () => {
    const [name, description] = await get(open(lab.device('sw1')), [SYS_NAME, SYS_DESCR]);
    expect(name).toBe('sw1');
    expect(description).toContain('4.28.3M');
  });

  test('sees the uptime grow', async () => {
    const session = open(lab.device('sw1'));
    const before = Number((await get(session, [SYS_UP_TIME]))[0]);
    const again = async (): Promise<number> => {
      const now = Number((await get(session, [SYS_UP_TIME]))[0]);
      return now > before ? now : await again();
    };
    expect(await again()).toBeGreaterThan(before);
  });
});

describe('the SNMP side of a device', () => {
  test('walks the values in order and ends', async () => {
    const seen: string[] = [];
    const session = v2c(lab.device('sw1'));
    const walked = new Promise<void>((resolve, reject) => {
      session.subtree(
        '1.3.6.1.2.1.1',
        20,
        (varbinds) => {
          for (const { oid } of varbinds) seen.push(oid);
        },
        (error) => (error ? reject(error) : resolve()),
      );
    });
    await within(walked, 'end of the walk');
    expect(seen.slice(0, 3)).toEqual([SYS_DESCR, '1.3.6.1.2.1.1.2.0', SYS_UP_TIME]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('says nothing to a wrong community', async () => {
    await expect(get(v2c(lab.device('sw1'), 'public', 300), [SYS_NAME])).rejects.toThrow(
      'timed out',
    );
  });

  test.each([{ authKey: 'something-else' }, { privKey: 'something-else' }])(
    'refuses %j',
    async (patch) => {
      await expect(get(v3(lab.device('sw1'), patch), [SYS_NAME])).rejects.toThrow();
    },
  );

  test('refuses to be written to', async () => {
    const session = v2c(lab.device('sw1'));
    const value = { oid: SYS_NAME, type: snmp.ObjectType.OctetString, value: 'other' };
    const set = new Promise<string>((resolve) => {
      session.set([value], (error) => resolve(error?.message ?? 'written'));
    });
    expect(await within(set, 'answer')).toContain('NotWritable');
    expect(await get(v2c(lab.device('sw1')), [SYS_NAME])).toEqual(['sw1']);
  });

  test('goes on after malformed datagrams', async () => {
    const { host, snmpPort = 0 } = lab.device('sw1');
    const socket = createSocket('udp4');
    for (const bytes of ['', '00', '30', '3082ffff', '302902010104', 'ff'.repeat(900)]) {
      await new Promise((resolve) => {
        socket.send(Buffer.from(bytes, 'hex'), snmpPort, host, resolve);
      });
    }
    socket.close();
    expect(await get(v2c(lab.device('sw1')), [SYS_NAME])).toEqual(['sw1']);
  });
});

describe('an engine that begins anew', () => {
  const address = '127.73.0.3';
  const world = labWorld({
    devices: [labDevice('r1', address, { snmp: { port: 10_161, users: [user] } })],
    links: [],
    passive: [],
    faults: [{ fault: 'snmp-engine-reset', device: 'r1' }],
  });
  const agent = new WireSnmp(world.model.labDevice('r1'), world.model, () => {});
  afterAll(() => agent.close());

  test('has another id and its first boot, and a manager that asks afresh is answered', async () => {
    await agent.open();
    const device = { id: 'r1', host: address, sshPort: 22, snmpPort: 10_161, hostKey: '' };
    const engine = async () => {
      const session = v3(device);
      await get(session, [SYS_NAME]);
      const parameters: unknown = Reflect.get(session, 'msgSecurityParameters');
      const of = (name: string): unknown => Reflect.get(Object(parameters), name);
      const id = of('msgAuthoritativeEngineID');
      return [Buffer.isBuffer(id) ? id.toString('hex') : '', of('msgAuthoritativeEngineBoots')];
    };
    const before = await engine();
    await reload(world, address, 3_600_000);
    const after = await engine();
    expect(before[0]).not.toBe('');
    expect(after[0]).not.toBe(before[0]);
    expect([before[1], after[1]]).toEqual([1, 1]);
    expect(world.deviceState('r1').bootCount).toBe(2);
  });
});
