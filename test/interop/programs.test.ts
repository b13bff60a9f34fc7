import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { deviceState } from '../../lab/world/wire-control.js';
import { stopLabs } from '../wire/wire-spec.js';
import { ENABLE_PASSWORD, LOGIN } from './network.js';
import {
  goOutside,
  isThere,
  PATIENCE_MS,
  play,
  PYTHON,
  run,
  testWith,
  type Outside,
  type Ran,
  type TaskResult,
} from './outside.js';

type Results = Readonly<Record<string, TaskResult>>;

/** Work that was begun with all the rest: these programs mostly wait, and would do it one after the other. */
const begun = new Map<string, Promise<unknown>>();

function begin(name: string, work: Promise<unknown>): void {
  work.catch(() => {});
  begun.set(name, work);
}

const played = (name: string) => begun.get(`play ${name}`) as Promise<Results>;
const ran = (name: string) => begun.get(name) as Promise<Ran>;

const script = fileURLToPath(new URL('./netmiko_run.py', import.meta.url));

interface NetmikoOrder {
  readonly id: string;
  readonly enable?: boolean;
  readonly commands: readonly string[];
  readonly config: readonly string[];
  readonly commits?: boolean;
  /** What shows the change. */
  readonly after: string;
}

const ORDERS: Readonly<Record<string, NetmikoOrder>> = {
  cisco_xe: {
    id: 'lon-sw1',
    enable: true,
    commands: ['show version', 'show inventory'],
    config: ['ntp server 10.0.0.7'],
    after: 'show running-config | include ntp',
  },
  arista_eos: {
    id: 'ams-sw1',
    enable: true,
    commands: ['show version', 'show interfaces status'],
    config: ['ntp server 10.0.0.7'],
    after: 'show running-config | include ntp',
  },
  juniper_junos: {
    id: 'ams-rt1',
    commands: ['show version', 'show interfaces terse'],
    config: ['set system name-server 10.0.0.7'],
    commits: true,
    after: 'show configuration system name-server',
  },
  fortinet: {
    id: 'ams-fw2',
    commands: ['get system status', 'show system interface'],
    config: ['config system ntp', 'set server-mode enable', 'end'],
    after: 'show system ntp',
  },
};

const LOGINS: readonly (readonly [program: string, id: string, command: string])[] = [
  ['clogin', 'lon-sw1', 'show version;show running-config'],
  ['clogin', 'ams-sw1', 'show version;show running-config'],
  ['jlogin', 'ams-rt1', 'show version;show configuration'],
  ['fnlogin', 'ams-fw1', 'get system status;show system interface'],
];

function netmiko(outside: Outside, kind: string): Promise<Ran> {
  const { id, ...order } = ORDERS[kind] ?? { id: '' };
  const { host, sshPort } = outside.lab.device(id);
  const { username, password } = LOGIN;
  const login = [kind, host, String(sshPort), username, password, ENABLE_PASSWORD];
  return run(outside, PYTHON, [script, ...login, JSON.stringify(order)]);
}

let outside: Outside;
beforeAll(async () => {
  outside = await goOutside();
  if (isThere.ansible) {
    for (const book of ['ios', 'eos', 'junos', 'fortios']) {
      begin(`play ${book}`, play(outside, book));
    }
  }
  if (isThere.rancid) {
    for (const [program, id, command] of LOGINS) {
      const { host } = outside.lab.device(id);
      begin(`${program} ${id}`, run(outside, program, ['-t', '30', '-c', command, host]));
    }
  }
  if (isThere.netmiko) {
    for (const kind of Object.keys(ORDERS)) begin(`netmiko ${kind}`, netmiko(outside, kind));
  }
}, PATIENCE_MS);
afterAll(async () => {
  await Promise.allSettled(begun.values());
  await stopLabs();
}, PATIENCE_MS);

/** Every task but the one that asks for nonsense went well. */
function expectAllWell(results: Results): void {
  const failed = Object.entries(results).filter(([, result]) => result.failed === true);
  expect(failed.map(([name]) => name)).toEqual(['nonsense']);
}

const answersOf = ({ stdout }: TaskResult = {}) => (Array.isArray(stdout) ? stdout : [stdout]);

describe('ansible', () => {
  testWith('ansible')(
    'cisco.ios learns the facts of a switch, runs commands and changes it once',
    async () => {
      const results = await played('ios');
      expectAllWell(results);
      expect(results['facts']?.ansible_facts).toMatchObject({
        ansible_net_hostname: 'lon-sw1',
        ansible_net_version: '17.09.04a',
        ansible_net_model: 'C9300-48P',
        ansible_net_serialnum: 'FOCLON-SW1',
        ansible_net_iostype: 'IOS-XE',
        ansible_net_filesystems: ['flash:'],
        ansible_net_all_ipv4_addresses: ['10.9.0.1'],
        ansible_net_memtotal_mb: expect.any(Number),
        ansible_net_neighbors: { 'GigabitEthernet1/0/1': expect.any(Array) },
        ansible_net_interfaces: {
          'GigabitEthernet1/0/1': { operstatus: 'up', description: 'to lon-rt1' },
          'GigabitEthernet1/0/2': { operstatus: 'down' },
          Vlan10: { ipv4: [{ address: '10.9.0.1', subnet: '24' }] },
        },
      });
      const [version, brief, vlans, config] = answersOf(results['commands']);
      expect(version).toContain('uptime is');
      expect(brief).toMatch(/Vlan10 +10\.9\.0\.1 +YES NVRAM +up/);
      expect(vlans).toMatch(/^1 +default +active +Gi1\/0\/1, Gi1\/0\/2/m);
      expect(config).toMatch(/^end$/m);
      expect(results['nonsense']?.msg).toContain("% Invalid input detected at '^' marker.");
      expect(results['first change']?.changed).toBe(true);
      expect(results['same change']?.changed).toBe(false);
      expect(answersOf(results['saved'])[0]).toContain(' description printer');
    },
    PATIENCE_MS,
  );

  testWith('ansible')(
    'arista.eos learns the facts of a switch, runs commands and changes it once, in a session',
    async () => {
      const results = await played('eos');
      expectAllWell(results);
      expect(results['facts']?.ansible_facts).toMatchObject({
        ansible_net_hostname: 'ams-sw1',
        ansible_net_version: '4.28.3M',
        ansible_net_model: 'DCS-7050SX3-48YC8',
        ansible_net_serialnum: 'JPEAMS-SW1',
        ansible_net_image: 'flash:/EOS-4.28.3M.swi',
        ansible_net_filesystems: expect.arrayContaining(['flash:']),
        ansible_net_memtotal_mb: expect.any(Number),
        ansible_net_neighbors: { Ethernet1: [{ host: 'ams-rt1', port: 'ge-0/0/2' }] },
        ansible_net_interfaces: {
          Ethernet1: { operstatus: 'connected', lineprotocol: 'up', description: 'to ams-rt1' },
          Ethernet2: { operstatus: 'notconnect', lineprotocol: 'down' },
          Vlan10: { ipv4: { address: '10.9.1.1', masklen: 24 } },
        },
      });
      const [text, json, config] = answersOf(results['commands']);
      expect(text).toContain('Software image version: 4.28.3M');
      expect(json).toMatchObject({ modelName: 'DCS-7050SX3-48YC8', version: '4.28.3M' });
      expect(config).toContain('hostname ams-sw1');
      expect(results['nonsense']?.msg).toContain("% Invalid input (at token 1: 'nonsense')");
      expect(results['first change']?.changed).toBe(true);
      expect(results['same change']?.changed).toBe(false);
      expect(answersOf(results['saved'])[0]).toContain('   description printer');
    },
    PATIENCE_MS,
  );

  testWith('ansible')(
    'junipernetworks.junos runs commands in three forms, and a commit over the CLI',
    async () => {
      const results = await played('junos');
      expectAllWell(results);
      const [version, terse, config] = answersOf(results['commands']);
      expect(version).toContain('Junos: 21.4R3.15');
      expect(terse).toMatch(/^xe-0\/1\/0 +up +up$/m);
      expect(config).toContain('host-name ams-rt1;');
      expect(answersOf(results['as XML'])[0]).toContain('<junos-version>21.4R3.15</junos-version>');
      expect(JSON.parse(String(answersOf(results['as JSON'])[0]))).toMatchObject({
        'software-information': [{ 'host-name': [{ data: 'ams-rt1' }] }],
      });
      expect(results['nonsense']?.msg).toContain('syntax error');
      expect(results['change']?.changed).toBe(true);
      expect(answersOf(results['committed'])[0]).toBe('server 10.0.0.123;');
    },
    PATIENCE_MS,
  );

  testWith('ansible')(
    'reads a firewall over SSH with raw commands',
    async () => {
      const results = await played('fortios');
      expect(Object.values(results).filter(({ failed }) => failed === true)).toEqual([]);
      expect(results['status']?.stdout).toContain('Version: FortiGate-60F v7.2.7');
      expect(results['interfaces']?.stdout).toContain('edit "wan1"');
      expect(results['nonsense']?.stdout).toContain('command parse error');
    },
    PATIENCE_MS,
  );
});

describe('rancid', () => {
  const SEEN: Readonly<Record<string, readonly string[]>> = {
    'lon-sw1': ['17.09.04a', 'FOCLON-SW1', 'line vty 0 4', 'lon-sw1#exit'],
    'ams-sw1': ['4.28.3M', 'JPEAMS-SW1', 'interface Ethernet2', 'ams-sw1#exit'],
    'ams-rt1': ['Junos: 21.4R3.15', 'host-name ams-rt1;', '> quit'],
    'ams-fw1': ['v7.2.7,build1577', 'FGT60FTK22071435', 'edit "wan2"', 'ams-fw1 # exit'],
  };
  for (const [program, id] of LOGINS) {
    testWith('rancid')(
      `${program} collects what ${id} shows, and leaves in good order`,
      async () => {
        const { code, text } = await ran(`${program} ${id}`);
        for (const seen of SEEN[id] ?? []) expect(text).toContain(seen);
        expect(text).not.toContain('Error:');
        expect(code).toBe(0);
      },
      PATIENCE_MS,
    );
  }
});

describe('netmiko', () => {
  const SEEN: Readonly<Record<string, readonly [prompt: string, answers: readonly string[]]>> = {
    cisco_xe: ['lon-sw1#', ['17.09.04a', 'PID: C9300-48P', 'ntp server 10.0.0.7']],
    arista_eos: ['ams-sw1#', ['4.28.3M', 'notconnect', 'ntp server 10.0.0.7']],
    juniper_junos: ['ops@ams-rt1>', ['Junos: 21.4R3.15', 'xe-0/1/1', '10.0.0.7;']],
    fortinet: ['ams-fw2 #', ['v7.2.7,build1577', 'edit "wan2"', 'set server-mode enable']],
  };
  for (const kind of Object.keys(ORDERS)) {
    testWith('netmiko')(
      `as ${kind} logs in, reads, and changes a line`,
      async () => {
        const { code, text, errors } = await ran(`netmiko ${kind}`);
        expect({ code, errors }).toEqual({ code: 0, errors: '' });
        const told = JSON.parse(text) as { prompt: string; answers: readonly string[] };
        const [prompt, answers] = SEEN[kind] ?? ['', []];
        expect(told.prompt).toBe(prompt);
        expect(told.answers).toHaveLength(answers.length);
        for (const [at, seen] of answers.entries()) expect(told.answers[at]).toContain(seen);
      },
      PATIENCE_MS,
    );
  }
});

describe('afterwards', () => {
  testWith('ansible')(
    'the devices hold what was saved on them, and nothing that was not',
    async () => {
      await Promise.allSettled(begun.values());
      const ios = await deviceState(outside.lab.folder, 'lon-sw1');
      expect(ios.startupConfig).toContain('ntp server 10.0.0.123');
      const eos = await deviceState(outside.lab.folder, 'ams-sw1');
      expect(eos.startupConfig).toContain('ntp server 10.0.0.123');
      const junos = await deviceState(outside.lab.folder, 'ams-rt1');
      expect(junos.runningConfig).toContain('10.0.0.123');
    },
    PATIENCE_MS,
  );
});
