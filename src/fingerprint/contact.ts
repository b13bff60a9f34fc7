import { Fault } from '../kernel/fault.js';
import type { AuthMethod, ByteChannel, Connection, DialOutcome } from '../ports/dialer.js';
import type { World } from '../ports/world.js';
import type { TranscriptEntry } from '../session/dialect.js';
import { openSession, type OpenOutcome, type ShellSession } from '../session/session.js';
import type { Permit } from '../session/permission.js';
import type { Platform } from '../driver/platform.js';
import type { Device } from '../inventory/inventory.js';
import type { LoginBudget } from './login-budget.js';

const OUTPUT_BYTES_MAX = 8_000_000;
const KEEPALIVE_MS = 15_000;
const DIAL_TIMEOUT_MS = 30_000;

export interface ContactOptions {
  readonly world: Pick<World, 'dialer' | 'clock' | 'secrets'>;
  readonly device: Device;
  readonly platform: Platform;
  readonly budget: LoginBudget;
  /** Accepted host keys; empty: none accepted yet. */
  readonly hostKeys: readonly string[];
  /** Takes a key that nobody accepted yet, when there is none at all (first contact by explicit request). */
  readonly acceptFirst?: boolean;
  readonly record?: (entry: TranscriptEntry) => void;
  readonly permit?: Permit;
}

/** Opens and keeps the one connection and session of a device. Reused from the first check to the last. */
export class Contact {
  readonly #options: ContactOptions;
  #connection: Connection | undefined;
  #session: ShellSession | undefined;

  constructor(options: ContactOptions) {
    this.#options = options;
  }

  /** The key that the device showed, once connected. */
  get hostKey(): string {
    return this.#connection?.hostKey ?? '';
  }

  /** The open session, or a new one. Fault `unreachable`, `auth-refused`, `host-key-*`, `no-prompt` and so on. */
  async session(): Promise<ShellSession> {
    if (this.#session?.isOpen && this.#connection?.isOpen) return this.#session;
    this.#session = undefined;
    const connection = await this.connection();
    const { device } = this.#options;
    const channel = await connection.openShell();
    if (!channel) {
      this.close();
      throw new Fault('no-prompt', `${device.id} refused to open a shell`, { retry: 'safe' });
    }
    const outcome = await this.#open(channel);
    if (outcome.kind === 'open') return (this.#session = outcome.session);
    this.close();
    const code = outcome.kind === 'closed' ? 'unreachable' : 'no-prompt';
    throw new Fault(code, `${device.id}: ${outcome.detail}`, { retry: 'safe' });
  }

  async #open(channel: ByteChannel): Promise<OpenOutcome> {
    const { world, device, platform, permit, record } = this.#options;
    const enable = device.ssh.enable && (await world.secrets.resolve(device.ssh.enable));
    return openSession(channel, {
      dialect: platform.dialect,
      clock: world.clock,
      limits: {
        idleMs: platform.timing.commandIdleMs,
        totalMs: platform.timing.commandTotalMs,
        outputBytesMax: OUTPUT_BYTES_MAX,
      },
      secrets: enable === undefined ? {} : { enable },
      redact: (text) => world.secrets.redact(text),
      ...(permit ? { permit } : {}),
      ...(record ? { record } : {}),
    });
  }

  /** The open connection, or a new one. */
  async connection(): Promise<Connection> {
    if (this.#connection?.isOpen) return this.#connection;
    this.close();
    const { device, budget } = this.#options;
    const account = device.ssh.username;
    const auth = await this.#auth();
    if (!(await budget.enter(account, device.id))) {
      const message = `account ${account} was refused too often; ${device.id} was not asked`;
      throw new Fault('auth-refused', message, { mend: 'mend the account, then run again' });
    }
    try {
      const outcome = await this.#dial(auth);
      if (outcome.kind === 'auth-refused') budget.refused(account, device.id);
      if (outcome.kind !== 'connected') throw this.#faultOf(outcome);
      budget.accepted(account, device.id);
      this.#connection = outcome.connection;
      return outcome.connection;
    } finally {
      budget.leave(account);
    }
  }

  #dial(auth: readonly AuthMethod[]): Promise<DialOutcome> {
    const { device, platform, world } = this.#options;
    return world.dialer.dial({
      endpoint: { host: device.host, port: device.ssh.port },
      username: device.ssh.username,
      auth,
      algorithms: device.ssh.algorithms ?? platform.algorithms,
      acceptHostKey: (fingerprint) => this.#accepts(fingerprint),
      timeoutMs: DIAL_TIMEOUT_MS,
      keepaliveMs: KEEPALIVE_MS,
    });
  }

  close(): void {
    this.#session?.close();
    this.#connection?.close();
    this.#session = undefined;
    this.#connection = undefined;
  }

  #accepts(fingerprint: string): boolean {
    const { hostKeys, acceptFirst } = this.#options;
    return hostKeys.includes(fingerprint) || (hostKeys.length === 0 && acceptFirst === true);
  }

  async #auth(): Promise<readonly AuthMethod[]> {
    const { device, world } = this.#options;
    const { ssh } = device;
    const methods: AuthMethod[] = [];
    if (ssh.agent) {
      methods.push({ kind: 'agent', socket: await world.secrets.resolve('env:SSH_AUTH_SOCK') });
    }
    if (ssh.key !== undefined) {
      const privateKey = await world.secrets.resolve(ssh.key);
      const passphrase = ssh.keyPassphrase && (await world.secrets.resolve(ssh.keyPassphrase));
      methods.push({ kind: 'key', privateKey, ...(passphrase ? { passphrase } : {}) });
    }
    if (ssh.password !== undefined) {
      methods.push({ kind: 'password', password: await world.secrets.resolve(ssh.password) });
    }
    if (methods.length === 0) {
      throw new Fault('secret-unavailable', `${device.id} has no way to log in`, {
        mend: 'give ssh.password, ssh.key or ssh.agent in the inventory',
      });
    }
    return methods;
  }

  #faultOf(outcome: Exclude<DialOutcome, { kind: 'connected' }>): Fault {
    const { device, hostKeys } = this.#options;
    switch (outcome.kind) {
      case 'unreachable':
      case 'timeout':
        return new Fault('unreachable', `${device.id}: ${outcome.detail}`, { retry: 'safe' });
      case 'auth-refused':
        return new Fault('auth-refused', `${device.id}: ${outcome.detail}`);
      case 'host-key-refused': {
        const code = hostKeys.length === 0 ? 'host-key-unknown' : 'host-key-changed';
        const message = `${device.id} answers with host key ${outcome.fingerprint}`;
        const mend = `compare it on the console, then: nightshift trust ${device.id} --reason "..."`;
        return new Fault(code, message, { mend });
      }
      case 'no-common-algorithm':
        return new Fault('no-common-algorithm', `${device.id}: ${outcome.detail}`);
      case 'protocol-error':
        return new Fault('no-prompt', `${device.id} does not speak SSH: ${outcome.detail}`);
    }
  }
}
