import { connect, createServer, type Server as NetServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type TcpipRequestInfo } from 'ssh2';
import { messageOf } from '../../src/kernel/fault.js';
import type { LabJumpHost, LabSpec } from './lab-spec.js';
import type { HostKey, HostKeys } from './wire-host-key.js';
import { portFault, SSH_PORT } from './wire-ssh.js';

const CONNECTIONS_MAX = 64;
const LOGIN_TRIES_MAX = 6;
const IDENT = 'NightshiftJump';

/** SSH of every device and jump host of the lab, as `address port`. */
function placesOf(spec: LabSpec): ReadonlySet<string> {
  const hosts = [...spec.devices, ...(spec.jumpHosts ?? [])];
  return new Set(hosts.map(({ address, sshPort }) => `${address} ${sshPort ?? SSH_PORT}`));
}

/** A jump host: logs in, and opens TCP connections to SSH of lab machines from its own address. No shell, no files. */
export class WireJump {
  readonly host: LabJumpHost;
  readonly hostKey: HostKey;
  private readonly places: ReadonlySet<string>;
  private readonly log: (text: string) => void;
  private readonly sockets = new Set<Socket>();
  private listener: NetServer | undefined;

  constructor(
    host: LabJumpHost,
    parts: {
      readonly spec: LabSpec;
      readonly hostKeys: HostKeys;
      readonly log: (text: string) => void;
    },
  ) {
    this.host = host;
    this.places = placesOf(parts.spec);
    this.hostKey = parts.hostKeys.of(host.hostKeySeed ?? `jump host ${host.id}`, 'ed25519');
    this.log = parts.log;
  }

  get port(): number {
    return this.host.sshPort ?? SSH_PORT;
  }

  /** Fault `lab-fault` when the port cannot be had. */
  open(): Promise<void> {
    const { id, address } = this.host;
    const config = { hostKeys: [this.hostKey.privatePem], ident: IDENT };
    const ssh = new ssh2.Server(config, (client) => this.greet(client));
    ssh.on('error', (error: unknown) => this.log(`${id}: ${messageOf(error)}`));
    const listener = createServer({ noDelay: true }, (socket) => {
      this.keep(socket);
      ssh.injectSocket(socket);
    });
    listener.maxConnections = CONNECTIONS_MAX;
    this.listener = listener;
    return new Promise((resolve, reject) => {
      listener.once('error', (cause) => {
        reject(portFault(id, `TCP ${address}:${this.port}`, cause));
      });
      listener.listen(this.port, address, () => {
        listener.on('error', (error) => this.log(`${id}: ${error.message}`));
        resolve();
      });
    });
  }

  shut(): void {
    this.listener?.close();
    this.listener = undefined;
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }

  private greet(client: Connection): void {
    let tries = 0;
    client.on('error', () => {});
    client.on('authentication', (context) => {
      if (context.method !== 'none') tries += 1;
      if (tries > LOGIN_TRIES_MAX) client.end();
      else if (this.isWelcome(context)) context.accept();
      else context.reject(['password', ...(this.host.keyLogin ? (['publickey'] as const) : [])]);
    });
    client.on('session', (_accept, reject) => reject());
    client.on('tcpip', (accept, reject, to) => this.forward(to, { accept, reject }));
  }

  private isWelcome(context: AuthContext): boolean {
    const { login, keyLogin } = this.host;
    if (context.username !== login.username) return false;
    if (context.method === 'password') return context.password === login.password;
    if (context.method !== 'publickey' || keyLogin !== true) return false;
    const { signature, blob, key } = context;
    if (!signature || !blob) return true;
    const parsed = ssh2.utils.parseKey(key.data);
    return !(parsed instanceof Error) && parsed.verify(blob, signature, context.hashAlgo) === true;
  }

  private forward(
    { destIP, destPort }: TcpipRequestInfo,
    answer: { readonly accept: () => ssh2.ServerChannel; readonly reject: () => void },
  ): void {
    if (!this.places.has(`${destIP} ${destPort}`)) {
      this.log(`${this.host.id}: no way to ${destIP}:${destPort}`);
      return answer.reject();
    }
    const localAddress = this.host.address;
    const socket = connect({ host: destIP, port: destPort, localAddress, noDelay: true });
    this.keep(socket);
    socket.once('error', answer.reject);
    socket.once('connect', () => {
      socket.removeListener('error', answer.reject);
      const channel = answer.accept();
      channel.on('error', () => socket.destroy());
      channel.on('close', () => socket.destroy());
      socket.on('close', () => channel.close());
      channel.pipe(socket).pipe(channel);
    });
  }
}
