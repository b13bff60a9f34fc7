import { connect as tcpConnect } from 'node:net';
import ssh2, { type Client, type ClientChannel, type SFTPWrapper } from 'ssh2';
import type { WireDevice } from '../../lab/world/wire-folder.js';

const PATIENCE_MS = 10_000;

/** Rejects when `work` takes too long. */
export async function within<T>(work: Promise<T>, what: string, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface LoginOptions {
  readonly username?: string;
  readonly password?: string;
  readonly keyboard?: boolean;
  readonly privateKey?: string;
}

export function login(device: WireDevice, options: LoginOptions = {}): Promise<Client> {
  const { username = 'ops', password = 'secret', keyboard = false, privateKey } = options;
  const client = new ssh2.Client();
  client.on('keyboard-interactive', (_name, _text, _language, _prompts, answer) => {
    answer([password]);
  });
  const ready = new Promise<Client>((resolve, reject) => {
    client.once('ready', () => resolve(client));
    client.once('error', reject);
  });
  client.on('error', () => {});
  client.once('connect', () => client.setNoDelay(true));
  client.connect({
    host: device.host,
    port: device.sshPort,
    username,
    tryKeyboard: keyboard,
    ...(privateKey === undefined ? (keyboard ? {} : { password }) : { privateKey }),
  });
  return within(ready, 'login');
}

/** How a login by password went: the key that the device showed, and why it was refused if it was. */
export function tryLogin(
  device: Pick<WireDevice, 'host' | 'sshPort'>,
  account: { readonly username: string; readonly password: string },
): Promise<{ readonly hostKey: Buffer; readonly refused: string | undefined }> {
  const client = new ssh2.Client();
  let hostKey: Buffer = Buffer.alloc(0);
  const over = new Promise<string | undefined>((resolve) => {
    client.once('ready', () => resolve(undefined));
    client.on('error', (error) => resolve(error.message));
  });
  client.connect({
    host: device.host,
    port: device.sshPort,
    ...account,
    hostVerifier: (key: Buffer) => {
      hostKey = key;
      return true;
    },
  });
  const login = over.then((refused) => {
    client.end();
    return { hostKey, refused };
  });
  return within(login, 'login');
}

/** A shell whose text is collected. */
export class TestShell {
  readonly channel: ClientChannel;
  text = '';
  private readonly wake = new Set<() => void>();

  constructor(channel: ClientChannel) {
    this.channel = channel;
    channel.on('data', (bytes: Buffer) => {
      this.text += bytes.toString('utf8');
      for (const look of this.wake) look();
    });
  }

  /** Waits for `pattern` in what came since the last call and gives everything up to its end. */
  async until(pattern: RegExp): Promise<string> {
    const arrived = new Promise<string>((resolve) => {
      const look = () => {
        const match = pattern.exec(this.text);
        if (!match) return;
        const end = match.index + match[0].length;
        const seen = this.text.slice(0, end);
        this.text = this.text.slice(end);
        this.wake.delete(look);
        resolve(seen);
      };
      this.wake.add(look);
      look();
    });
    return await within(arrived, `${String(pattern)} in ${JSON.stringify(this.text)}`);
  }
}

export function openShell(client: Client): Promise<TestShell> {
  const opened = new Promise<TestShell>((resolve, reject) => {
    client.shell({ term: 'vt100', cols: 200, rows: 50 }, (error, channel) => {
      if (error) reject(error);
      else resolve(new TestShell(channel));
    });
  });
  return within(opened, 'shell');
}

export interface Executed {
  readonly text: string;
  readonly code: number | undefined;
}

/** Runs one command, feeding it `input`. */
export function exec(
  client: Client,
  command: string,
  input?: readonly Buffer[],
): Promise<Executed> {
  const done = new Promise<Executed>((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      let text = '';
      let code: number | undefined;
      channel.on('data', (bytes: Buffer) => {
        text += bytes.toString('utf8');
      });
      channel.on('exit', (value: number) => {
        code = value;
      });
      channel.on('close', () => resolve({ text, code }));
      for (const piece of input ?? []) channel.write(piece);
      if (input) channel.end();
    });
  });
  return within(done, `answer to ${command}`);
}

/** The bytes of an scp sender for one file. */
export function scpSender(name: string, content: Buffer): readonly Buffer[] {
  return [Buffer.from(`C0644 ${content.length} ${name}\n`), content, Buffer.of(0)];
}

export function openSftp(client: Client): Promise<SFTPWrapper> {
  const opened = new Promise<SFTPWrapper>((resolve, reject) => {
    client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
  });
  return within(opened, 'sftp');
}

/** Does the port take connections now? */
export function isListening(device: WireDevice): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tcpConnect({ host: device.host, port: device.sshPort });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Looks again and again until `look` gives something true. */
export async function eventually<T>(look: () => Promise<T | false | undefined>, what: string) {
  const search = async (): Promise<T> => {
    for (;;) {
      const found = await look();
      if (found !== false && found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  };
  return await within(search(), what, 30_000);
}
