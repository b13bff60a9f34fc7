import { createServer, Socket, type Server as NetServer } from 'node:net';
import ssh2, {
  type Algorithms,
  type AuthContext,
  type Connection,
  type Server as SshServer,
  type Session,
} from 'ssh2';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import type { RandomStream } from '../../src/ports/random.js';
import type { LabDevice } from './lab-spec.js';
import type { LabModel } from './model.js';
import type { HostKey, HostKeys } from './wire-host-key.js';
import { ScpSink, scpTarget } from './wire-scp.js';
import { SftpDesk } from './wire-sftp.js';
import { serveCommand, serveShell, type WireEnd } from './wire-shell.js';
import type { WireDesk } from './wire-upload.js';

export interface WireSshParts {
  readonly model: LabModel;
  readonly desk: WireDesk;
  readonly hostKeys: HostKeys;
  readonly chance: RandomStream;
  readonly log: (text: string) => void;
}

export const SSH_PORT = 22;
const LOGIN_TRIES_MAX = 6;
const CONNECTIONS_MAX = 64;
const REOPEN_MS = 100;
const IDENT = 'NightshiftLab';

const MODERN: Algorithms = {
  kex: [
    ...(['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256'] as const),
    'diffie-hellman-group14-sha256',
  ],
  cipher: [
    ...(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'] as const),
    ...(['chacha20-poly1305@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'] as const),
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};
const LEGACY: Algorithms = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  cipher: ['aes128-cbc', 'aes256-cbc', '3des-cbc'],
  hmac: ['hmac-sha1'],
  compress: ['none'],
};
/** In neither profile of ours. */
const FOREIGN: Algorithms = { ...MODERN, kex: ['diffie-hellman-group18-sha512'] };

/** The SSH side of one device: its port is open while the device is up, and shut while it is away. */
export class WireSsh {
  private readonly device: LabDevice;
  private readonly parts: WireSshParts;
  private readonly sockets = new Set<Socket>();
  private listener: NetServer | undefined;
  private server:
    { readonly key: HostKey; readonly algorithms: Algorithms; readonly ssh: SshServer } | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(device: LabDevice, parts: WireSshParts) {
    this.device = device;
    this.parts = parts;
  }

  get port(): number {
    return this.device.sshPort ?? SSH_PORT;
  }

  /** The key that the device shows now. */
  get hostKey(): HostKey {
    const kind = this.device.legacyOnly === true ? 'rsa' : 'ed25519';
    return this.parts.hostKeys.of(this.parts.model.hostKeySeed(this.device.id), kind);
  }

  /** Fault `lab-fault` names device, address and port when the port cannot be had. */
  open(): Promise<void> {
    const { id, address } = this.device;
    const listener = createServer({ noDelay: true }, (socket) => this.connected(socket));
    listener.maxConnections = CONNECTIONS_MAX;
    this.listener = listener;
    return new Promise((resolve, reject) => {
      listener.once('error', (cause) => {
        this.listener = undefined;
        reject(portFault(id, `TCP ${address}:${this.port}`, cause));
      });
      listener.listen(this.port, address, () => {
        listener.on('error', (error) => this.parts.log(`${id}: ${error.message}`));
        resolve();
      });
    });
  }

  /** As `open`, for a device that comes back: tries again until the port is free. */
  reopen(): void {
    clearTimeout(this.retry);
    if (this.listener) return;
    this.open().catch((thrown: unknown) => {
      this.parts.log(messageOf(thrown));
      this.retry = setTimeout(() => this.reopen(), REOPEN_MS);
    });
  }

  /** Stops listening and resets every connection. */
  shut(): void {
    clearTimeout(this.retry);
    this.listener?.close();
    this.listener = undefined;
    this.drop();
  }

  /** Resets every connection. */
  drop(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  /** Is there a way from where this connection comes from? */
  private leadsHere(socket: Socket): boolean {
    const { behind } = this.device;
    if (behind === undefined) return true;
    const jump = this.parts.model.spec.jumpHosts?.find((each) => each.id === behind);
    return jump?.address === socket.remoteAddress;
  }

  private connected(socket: Socket): void {
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    const isReachable = this.parts.model.isReachable(this.device.id);
    if (!this.listener || !isReachable || !this.leadsHere(socket)) {
      socket.resetAndDestroy();
      return;
    }
    this.sockets.add(socket);
    this.sshServer().injectSocket(socket);
  }

  private get algorithms(): Algorithms {
    if (this.parts.model.suffers(this.device.id, 'change-algorithms')) return FOREIGN;
    return this.device.legacyOnly === true ? LEGACY : MODERN;
  }

  private sshServer(): SshServer {
    const key = this.hostKey;
    const { algorithms } = this;
    if (this.server?.key === key && this.server.algorithms === algorithms) return this.server.ssh;
    const config = { hostKeys: [key.privatePem], algorithms, ident: IDENT };
    const ssh = new ssh2.Server(config, (client) => this.greet(client));
    ssh.on('error', (error: unknown) => {
      this.parts.log(`${this.device.id}: ${messageOf(error)}`);
    });
    this.server = { key, algorithms, ssh };
    return ssh;
  }

  private greet(client: Connection): void {
    const { model, chance } = this.parts;
    const { id } = this.device;
    const login = new Login(this.device, model);
    const end: WireEnd = {
      model,
      id,
      chance,
      reset: () => socketOf(client)?.resetAndDestroy(),
      hangUp: () => client.end(),
    };
    client.on('error', () => {});
    client.on('authentication', (context) => login.judge(context, () => client.end()));
    client.on('ready', () => {
      client.on('session', (accept) => this.serve(end, accept()));
    });
  }

  private serve(end: WireEnd, session: Session): void {
    const { desk } = this.parts;
    session.on('error', () => {});
    session.on('pty', (accept) => agree(accept));
    session.on('env', (accept) => agree(accept));
    session.on('window-change', (accept) => agree(accept));
    session.on('shell', (accept) => serveShell(end, accept()));
    session.on('exec', (accept, _reject, { command }) => {
      const channel = accept();
      const target = scpTarget(command);
      if (target === undefined) serveCommand(end, channel, command);
      else new ScpSink({ end, desk }, channel, target).serve();
    });
    session.on('sftp', (accept) => new SftpDesk(end, desk, accept()).serve());
  }
}

/** Some requests want no answer: then there is nothing to call. */
function agree(accept: (() => unknown) | undefined): void {
  accept?.();
}

/** ssh2 keeps the socket in `_sock` and offers no other way to it. */
function socketOf(client: Connection): Socket | undefined {
  const held: unknown = Reflect.get(client, '_sock');
  return held instanceof Socket ? held : undefined;
}

/** A port that cannot be had, as a Fault. */
export function portFault(id: string, place: string, cause: unknown): Fault {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why =
    code === 'EADDRINUSE'
      ? 'another process uses it'
      : code === 'EACCES'
        ? 'ports below 1024 need more rights'
        : messageOf(cause);
  return new Fault('lab-fault', `${id}: cannot listen on ${place}: ${why}`, { cause });
}

/** Who may log in to a device. */
class Login {
  private readonly device: LabDevice;
  private readonly model: LabModel;
  private tries = 0;
  private closed: boolean | undefined;

  constructor(device: LabDevice, model: LabModel) {
    this.device = device;
    this.model = model;
  }

  judge(context: AuthContext, giveUp: () => void): void {
    const { logins } = this.device;
    const methods: ('password' | 'keyboard-interactive' | 'publickey')[] = [
      ...(logins === undefined ? (['password'] as const) : []),
      'keyboard-interactive',
      ...(this.device.keyLogin === true ? (['publickey'] as const) : []),
    ];
    // What is not taken at all never reaches the accounts.
    if (!methods.some((each) => each === context.method)) return context.reject(methods);
    this.tries += 1;
    if (this.tries > LOGIN_TRIES_MAX) return giveUp();
    const settle = (isWelcome: boolean) => {
      if (isWelcome) return context.accept();
      this.model.loginRefused(this.device.id, context.method);
      context.reject(methods);
    };
    if (context.method === 'keyboard-interactive') {
      return context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        const isRight = this.isRight(context.username, answers[0]);
        if (logins !== 'code' || !isRight) settle(isRight);
        // Nobody has the code: whatever is answered is wrong.
        else context.prompt([{ prompt: 'One-time code: ', echo: true }], () => settle(false));
      });
    }
    settle(this.isWelcome(context));
  }

  private isWelcome(context: AuthContext): boolean {
    if (context.method === 'password') return this.isRight(context.username, context.password);
    if (context.method !== 'publickey' || this.device.keyLogin !== true) return false;
    if (
      this.refusesAll() ||
      context.username !== this.model.device(this.device.id).login.username
    ) {
      return false;
    }
    const { signature, blob, key } = context;
    if (!signature || !blob) return true;
    const parsed = ssh2.utils.parseKey(key.data);
    return !(parsed instanceof Error) && parsed.verify(blob, signature, context.hashAlgo) === true;
  }

  private isRight(username: string, password: string | undefined): boolean {
    const { login } = this.model.device(this.device.id);
    return !this.refusesAll() && username === login.username && password === login.password;
  }

  /** Faults of the login strike once a connection. */
  private refusesAll(): boolean {
    const { id } = this.device;
    this.closed ??= this.model.due('dial', id).some(({ kind }) => kind === 'refuse-login');
    return this.closed || this.model.suffers(id, 'refuse-login');
  }
}
