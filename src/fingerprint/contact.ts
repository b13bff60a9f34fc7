import { Fault } from '../kernel/fault.js';
import type {
  AuthMethod,
  ByteChannel,
  Connection,
  DialFailure,
  DialOutcome,
  SshHop,
} from '../ports/dialer.js';
import type { World } from '../ports/world.js';
import type { TranscriptEntry } from '../session/dialect.js';
import { openSession, type OpenOutcome, type ShellSession } from '../session/session.js';
import type { Permit } from '../session/permission.js';
import type { Platform } from '../driver/platform.js';
import type { Device } from '../inventory/inventory.js';
import { dialFault } from './dial-fault.js';
import type { LoginBudget } from './login-budget.js';
import { algorithmsOf, authMethods } from './login.js';

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
  /** As `hostKeys`, of the jump hosts on the way, by name. */
  readonly hopKeys?: ReadonlyMap<string, readonly string[]>;
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
  readonly #newHopKeys = new Map<string, string>();

  constructor(options: ContactOptions) {
    this.#options = options;
  }

  /** The key that the device showed, once connected. */
  get hostKey(): string {
    return this.#connection?.hostKey ?? '';
  }

  /** Keys of jump hosts that nobody had accepted before, taken at this first contact; by name. */
  get newHopKeys(): ReadonlyMap<string, string> {
    return this.#newHopKeys;
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
    const { device, world } = this.#options;
    const auth = await authMethods(device.ssh, world.secrets, device.id);
    const via = await this.#via();
    const accounts = [...via.map(hopAccount), { account: device.ssh.username, at: device.id }];
    const outcome = await this.#withinBudget(accounts, () => this.#dial(auth, via));
    if (outcome.kind !== 'connected') throw this.#faultOf(outcome);
    this.#connection = outcome.connection;
    return outcome.connection;
  }

  /** Dials when every account on the way may still be tried, and tells the budget what came of it. */
  async #withinBudget(
    accounts: readonly Account[],
    dial: () => Promise<DialOutcome>,
  ): Promise<DialOutcome> {
    const { budget, device } = this.#options;
    const entered: Account[] = [];
    try {
      // Always in the same order: two contacts never wait for each other.
      for (const each of accounts.toSorted((a, b) => (a.account < b.account ? -1 : 1))) {
        if (!(await budget.enter(each.account, each.at))) throw leftAlone(each, device.id);
        entered.push(each);
      }
      const outcome = await dial();
      const end = outcome.kind === 'connected' ? undefined : (outcome.hop ?? device.id);
      const reached = accounts.findIndex((each) => each.at === end);
      const passed = reached < 0 ? accounts : accounts.slice(0, reached);
      for (const { account, at } of passed) budget.accepted(account, at);
      const last = accounts[reached];
      if (last && outcome.kind === 'auth-refused') budget.refused(last.account, last.at);
      return outcome;
    } finally {
      for (const { account } of entered) budget.leave(account);
    }
  }

  async #via(): Promise<readonly SshHop[]> {
    const { device, world } = this.#options;
    return Promise.all(
      (device.jump ?? []).map(async ({ name, host, ssh }) => ({
        name,
        endpoint: { host, port: ssh.port },
        username: ssh.username,
        auth: await authMethods(ssh, world.secrets, `jump host ${name}`),
        algorithms: algorithmsOf(ssh, 'modern'),
        acceptHostKey: (fingerprint) => this.#acceptsHop(name, fingerprint),
      })),
    );
  }

  #dial(auth: readonly AuthMethod[], via: readonly SshHop[]): Promise<DialOutcome> {
    const { device, platform, world } = this.#options;
    return world.dialer.dial({
      endpoint: { host: device.host, port: device.ssh.port },
      username: device.ssh.username,
      auth,
      algorithms: algorithmsOf(device.ssh, platform.algorithms),
      acceptHostKey: (fingerprint) => this.#accepts(fingerprint),
      timeoutMs: DIAL_TIMEOUT_MS,
      keepaliveMs: KEEPALIVE_MS,
      ...(via.length > 0 ? { via } : {}),
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

  #acceptsHop(name: string, fingerprint: string): boolean {
    const keys = this.#options.hopKeys?.get(name) ?? [];
    const isAccepted =
      keys.includes(fingerprint) || (keys.length === 0 && this.#options.acceptFirst === true);
    if (isAccepted && keys.length === 0) this.#newHopKeys.set(name, fingerprint);
    return isAccepted;
  }

  #faultOf(failure: DialFailure): Fault {
    const { device, hostKeys, hopKeys } = this.#options;
    const keys = failure.hop === undefined ? hostKeys : (hopKeys?.get(failure.hop) ?? []);
    return dialFault(failure, { device: device.id, hasKeys: keys.length > 0 });
  }
}

interface Account {
  readonly account: string;
  readonly at: string;
}

/** Budgeted apart from the same name on devices: the jump host asks another directory, as a rule. */
function hopAccount({ name, username }: SshHop): Account {
  return { account: `${username} on jump host ${name}`, at: name };
}

function leftAlone({ account, at }: Account, device: string): Fault {
  const asked = at === device ? device : `${device} (through ${at})`;
  const message = `account ${account} was refused too often; ${asked} was not asked`;
  return new Fault('auth-refused', message, { mend: 'mend the account, then run again' });
}
