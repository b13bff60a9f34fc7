import type {
  Personality,
  SimAnswer,
  SimBoot,
  SimDevice,
  SimEffect,
  SimShell,
} from '../../src/driver/personality.js';
import { putFile } from '../../lab/world/flash.js';

const BOOT_MS = 180_000;

interface Reply {
  readonly device?: SimDevice;
  readonly shell?: SimShell;
  readonly effects?: readonly SimEffect[];
  readonly mutation?: string;
}

const say = (text: string, delayMs = 0): SimEffect => ({ kind: 'print', text, delayMs });

const ask = (shell: SimShell, id: string, takes: 'line' | 'key', hidden = false): SimShell => ({
  ...shell,
  question: { id, takes, hidden, data: {} },
});

function answerQuestion(shell: SimShell, text: string): Reply {
  const { question, ...rest } = shell;
  if (question?.id === 'secret') {
    return { shell: rest, effects: [say(text === 'enable-word' ? 'granted' : 'denied')] };
  }
  if (text !== 'y') return { shell: rest, effects: [say('\r\n')] };
  return {
    shell: rest,
    effects: [say('\r\ngoing down\r\n'), { kind: 'reload', delayMs: 5000, reason: 'command' }],
  };
}

type Command = (device: SimDevice, shell: SimShell, rest: string) => Reply;

const commands: Readonly<Record<string, Command>> = {
  '': () => ({}),
  version: (device) => ({ effects: [say(`version ${device.runningVersion}`)] }),
  long: () => ({
    effects: [say(Array.from({ length: 60 }, (_, n) => `line ${n}\r\n`).join(''))],
  }),
  nopaging: (_device, shell) => ({ shell: { ...shell, paging: false } }),
  slow: () => ({ effects: [say('begun\r\n'), say('finished\r\n', 5000)] }),
  enable: (_device, shell) => ({
    shell: ask(shell, 'secret', 'line', true),
    effects: [say('Password: ')],
  }),
  reload: (_device, shell) => ({
    shell: ask(shell, 'confirm', 'key'),
    effects: [say('Proceed? [confirm]')],
  }),
  drain: (device) => ({ device: { ...device, drained: true }, mutation: 'drain' }),
  undrain: (device) => ({ device: { ...device, drained: false }, mutation: 'undrain' }),
  boot: (device, _shell, file) => ({
    device: { ...device, own: { ...device.own, next: file } },
    mutation: 'set boot',
  }),
  shut: (device, _shell, name) => ({
    device: {
      ...device,
      ports: device.ports.map((port) => (port.name === name ? { ...port, admin: 'down' } : port)),
    },
    mutation: 'shut',
  }),
  fetch: (_device, _shell, rest) => {
    const [method, host = '', port, path = ''] = rest.split(' ');
    const kind = method === 'tftp' ? 'tftp' : 'http';
    const pull = { kind: 'pull', tag: 'image', method: kind, host, path } as const;
    // A dash for the port: the method's own, which its network may forward.
    const at = port === '-' ? {} : { port: Number(port) };
    return { effects: [say('fetching\r\n'), { ...pull, ...at }] };
  },
  alarm: () => ({ effects: [{ kind: 'timer', name: 'alarm', delayMs: 10_000 }] }),
  dice: (device) => ({ effects: [say(`dice of ${device.id}`)] }),
  exit: () => ({ effects: [say('bye\r\n'), { kind: 'close-shell' }] }),
};

function line(device: SimDevice, shell: SimShell, text: string): Reply {
  if (shell.question) return answerQuestion(shell, text);
  const [verb = '', rest = ''] = text.split(/ (.*)/);
  return commands[verb]?.(device, shell, rest) ?? { effects: [say(`unknown: ${text}`)] };
}

function boot(device: SimDevice): SimBoot {
  if (device.faults.includes('never-returns')) return { kind: 'never', device, why: 'no loader' };
  const wanted = device.members[0]?.flash.files.find(({ name }) => name === device.own['next']);
  const isOld = device.faults.includes('boots-old-image');
  const version = isOld ? device.runningVersion : (wanted?.image?.version ?? device.runningVersion);
  const afterMs = device.faults.includes('slow-boot') ? 3 * BOOT_MS : BOOT_MS;
  return { kind: 'boots', afterMs, effects: [], device: { ...device, runningVersion: version } };
}

/** The least that can stand in for a platform in tests of the lab itself. */
export const testPersonality: Personality = {
  platform: 'lab_test',
  models: ['test'],
  create: (seed) => ({
    id: seed.id,
    platform: 'lab_test',
    hostname: seed.hostname,
    model: seed.model,
    address: seed.address,
    members: seed.serials.map((serial, index) => ({
      id: String(index + 1),
      role: index === 0 ? 'active' : 'member',
      model: seed.model,
      serial,
      macAddress: '02:00:00:00:00:01',
      flash: {
        fileSystem: index === 0 ? 'flash:' : `flash-${index + 1}:`,
        totalBytes: seed.flashBytes ?? 4_000_000_000,
        files: [seed.image],
      },
    })),
    power: 'up',
    powerSinceMs: seed.bootedAtMs,
    bootCount: 1,
    runningVersion: seed.version,
    runningImage: seed.image.name,
    runningConfig: '',
    startupConfig: '',
    own: {},
    ports: seed.ports,
    peers: seed.peers,
    redundancy: seed.redundancy,
    cpuPercent: 5,
    drained: false,
    faults: [],
    login: seed.login,
  }),
  banner: () => 'Welcome\r\n',
  login: () => ({ mode: 'exec', paging: true }),
  prompt: (device) => `${device.hostname}#`,
  line: (device, shell, text): SimAnswer => {
    const reply = line(device, shell, text);
    return {
      device: reply.device ?? device,
      shell: reply.shell ?? shell,
      effects: reply.effects ?? [],
      ...(reply.mutation !== undefined && { mutation: reply.mutation }),
    };
  },
  timer: (device, name) => ({ device, effects: [{ kind: 'log', text: `%TIMER: ${name}` }] }),
  boot,
  pulled: (device, _tag, result) => {
    if (result.kind === 'failed') return { device, effects: [say(`failed: ${result.why}`)] };
    const [active] = device.members;
    const landed = active ? putFile(device, active.id, result.file) : device;
    return { device: landed, effects: [say(`got ${result.file.name}`)] };
  },
  uploadTarget: (device, path) =>
    path.startsWith('flash:') && device.members[0]
      ? { memberId: device.members[0].id, fileName: path.slice('flash:'.length) }
      : undefined,
  mib: (device, nowMs) => ({
    '1.3.6.1.2.1.1.1.0': { type: 'string', value: `test ${device.runningVersion}` },
    '1.3.6.1.2.1.1.3.0': {
      type: 'ticks',
      value: Math.floor((nowMs - device.powerSinceMs) / 10),
    },
  }),
  imageFileName: (version) => `test-${version}.bin`,
};
