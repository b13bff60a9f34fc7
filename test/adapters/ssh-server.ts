import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import ssh2, {
  type AuthContext,
  type Connection,
  type ServerChannel,
  type ServerConfig,
  type SFTPWrapper,
} from 'ssh2';

export interface TestServer {
  readonly port: number;
  /** Methods that clients tried, with the password where there was one. */
  readonly tries: string[];
  readonly clients: Connection[];
  close(): Promise<void>;
}

export interface ServerParts {
  readonly hostKey?: string;
  readonly config?: Partial<ServerConfig>;
  readonly auth?: (context: AuthContext) => void;
  readonly shell?: (channel: ServerChannel) => void;
  readonly exec?: (command: string, channel: ServerChannel) => void;
  readonly sftp?: (sftp: SFTPWrapper) => void;
  /** It is a jump host; every connection that it makes is told to this. */
  readonly forwards?: (to: string) => void;
}

/** One ed25519 key in some hundreds cannot be read again: such a one is thrown away. */
export function newKey(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

export async function startServer(parts: ServerParts): Promise<TestServer> {
  const tries: string[] = [];
  const clients: Connection[] = [];
  const server = new ssh2.Server(
    { hostKeys: [parts.hostKey ?? newKey().private], ...parts.config },
    (client) => {
      clients.push(client);
      // Its type does not know the method.
      Reflect.apply(Reflect.get(client, 'setNoDelay') as () => void, client, [true]);
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        tries.push(context.method === 'password' ? `password ${context.password}` : context.method);
        if (parts.auth) parts.auth(context);
        else context.accept();
      });
      client.on('tcpip', (accept, reject, { destIP, destPort }) => {
        if (!parts.forwards) return reject();
        parts.forwards(`${destIP}:${destPort}`);
        const socket = connect({ host: destIP, port: destPort, noDelay: true });
        socket.once('error', () => reject());
        socket.once('connect', () => {
          const channel = accept();
          channel.on('error', () => socket.destroy());
          channel.pipe(socket).pipe(channel);
        });
      });
      client.on('session', (accept) => {
        const session = accept();
        session.on('pty', (acceptPty) => acceptPty?.());
        session.on('shell', (acceptShell) => parts.shell?.(acceptShell()));
        session.on('exec', (acceptExec, _reject, info) => parts.exec?.(info.command, acceptExec()));
        session.on('sftp', (acceptSftp, reject) => {
          if (parts.sftp) parts.sftp(acceptSftp());
          else reject();
        });
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    tries,
    clients,
    close: () =>
      new Promise((resolve) => {
        for (const client of clients) client.end();
        server.close(() => resolve());
      }),
  };
}

/** A command line that echoes and answers from a table. */
export function scriptedShell(table: Readonly<Record<string, string>>) {
  return (channel: ServerChannel) => {
    let line = '';
    channel.write('\r\nr1#');
    channel.on('data', (chunk: Buffer) => {
      for (const character of chunk.toString('utf8')) {
        if (character !== '\r') {
          line += character;
          continue;
        }
        channel.write(`${line}\r\n${table[line] ?? ''}r1#`);
        line = '';
      }
    });
  };
}

export interface FakeDisk {
  bytes: Buffer;
  /** Ends the connection when this many bytes have been written. */
  breakAt?: number;
  spaceBytes?: number;
}

/** An sftp server over one file in memory. */
export function diskSftp(disk: FakeDisk, breakConnection: () => void) {
  const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
  return (sftp: SFTPWrapper) => {
    const handle = Buffer.from('h');
    let written = 0;
    sftp.on('OPEN', (id, _path, flags) => {
      if (flags & OPEN_MODE.TRUNC) disk.bytes = Buffer.alloc(0);
      sftp.handle(id, handle);
    });
    sftp.on('WRITE', (id, _handle, offset, data) => {
      if (offset + data.length > (disk.spaceBytes ?? Infinity)) {
        sftp.status(id, STATUS_CODE.FAILURE, 'No space left on device');
        return;
      }
      written += data.length;
      if (written > (disk.breakAt ?? Infinity)) {
        breakConnection();
        return;
      }
      const size = Math.max(disk.bytes.length, offset + data.length);
      const grown = Buffer.alloc(size);
      disk.bytes.copy(grown);
      data.copy(grown, offset);
      disk.bytes = grown;
      sftp.status(id, STATUS_CODE.OK);
    });
    sftp.on('STAT', (id) =>
      sftp.attrs(id, { mode: 0o644, uid: 0, gid: 0, size: disk.bytes.length, atime: 0, mtime: 0 }),
    );
    sftp.on('CLOSE', (id) => sftp.status(id, STATUS_CODE.OK));
  };
}
