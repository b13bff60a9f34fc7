import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import snmp from 'net-snmp';
import { messageOf } from '../../src/kernel/fault.js';
import type { SnmpAccess } from '../../src/ports/snmp.js';
import type { LabDevice } from './lab-spec.js';
import type { LabModel } from './model.js';
import { portFault } from './wire-ssh.js';

export const SNMP_PORT = 161;
const REPETITIONS_MAX = 100;
const VARBINDS_MAX = 256;
const DATAGRAM_BYTES_MAX = 65_507;
const TICKS = 2 ** 32;

interface Row {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

/** As much of net-snmp's untyped agent as is used: its codecs and its security, not its own tables. */
interface Pdu {
  readonly varbinds: readonly { readonly oid: string }[];
  readonly nonRepeaters?: number;
  readonly maxRepetitions?: number;
  getResponsePduForRequest(): Answer;
}

interface Answer {
  varbinds: Row[];
  errorStatus: number;
  errorIndex: number;
}

interface Message {
  readonly version: number;
  readonly pdu: Pdu;
}

type Handler = (socket: unknown, message: Message, from: unknown) => void;

interface Agent {
  readonly engine: object;
  getRequest: Handler;
  getNextRequest: Handler;
  getBulkRequest: Handler;
  setRequest: Handler;
  sendResponse(socket: unknown, from: unknown, message: Message, answer: Answer): void;
  getAuthorizer(): { addCommunity(name: string): void; addUser(user: object): void };
}

const { ObjectType } = snmp;
const TOO_BIG = 1;
const NOT_WRITABLE = 17;

const typeNumbers = {
  string: ObjectType.OctetString,
  oid: ObjectType.OID,
  ticks: ObjectType.TimeTicks,
  integer: ObjectType.Integer,
} as const;

const authNumbers = {
  md5: snmp.AuthProtocols.md5,
  sha: snmp.AuthProtocols.sha,
  sha256: snmp.AuthProtocols.sha256,
  sha512: snmp.AuthProtocols.sha512,
} as const;

const privNumbers = {
  des: snmp.PrivProtocols.des,
  aes: snmp.PrivProtocols.aes,
  aes256b: snmp.PrivProtocols.aes256b,
  aes256r: snmp.PrivProtocols.aes256r,
} as const;

function userOf(access: Extract<SnmpAccess, { version: 'v3' }>) {
  return {
    name: access.user,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: authNumbers[access.authProtocol],
    authKey: access.authKey,
    privProtocol: privNumbers[access.privProtocol],
    privKey: access.privKey,
  };
}

function compareOids(a: readonly number[], b: readonly number[]): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const arcs = (oid: string) => oid.split('.').map(Number);

/** The values of one device at one moment. */
class View {
  private readonly rows: ReadonlyMap<string, Row>;
  private sorted: readonly { readonly arcs: readonly number[]; readonly row: Row }[] | undefined;

  constructor(rows: readonly Row[]) {
    this.rows = new Map(rows.map((row) => [row.oid, row]));
  }

  at(oid: string): Row {
    return this.rows.get(oid) ?? { oid, type: ObjectType.NoSuchInstance, value: null };
  }

  after(oid: string): Row {
    this.sorted ??= [...this.rows.values()]
      .map((row) => ({ arcs: arcs(row.oid), row }))
      .sort((a, b) => compareOids(a.arcs, b.arcs));
    const from = arcs(oid);
    const next = this.sorted.find((entry) => compareOids(entry.arcs, from) > 0);
    return next?.row ?? { oid, type: ObjectType.EndOfMibView, value: null };
  }

  bulk(pdu: Pdu): Row[] {
    const { varbinds, nonRepeaters = 0, maxRepetitions = 0 } = pdu;
    const rows = varbinds.slice(0, nonRepeaters).map(({ oid }) => this.after(oid));
    let places = varbinds.slice(nonRepeaters).map(({ oid }) => oid);
    const rounds = Math.min(maxRepetitions, REPETITIONS_MAX);
    for (let round = 0; round < rounds && places.length > 0; round += 1) {
      const found = places.map((oid) => this.after(oid));
      if (rows.length + found.length > VARBINDS_MAX) break;
      rows.push(...found);
      if (found.every(({ type }) => type === ObjectType.EndOfMibView)) break;
      places = found.map(({ oid }) => oid);
    }
    return rows;
  }
}

/** Stands between the socket and net-snmp: what comes while the device is away, or is malformed, goes no further. */
class Gate {
  readonly socket: Socket;
  private readonly isOpen: () => boolean;
  private readonly log: (text: string) => void;

  constructor(socket: Socket, isOpen: () => boolean, log: (text: string) => void) {
    this.socket = socket;
    this.isOpen = isOpen;
    this.log = log;
    socket.on('error', (error) => log(error.message));
  }

  on(event: string, listener: (bytes: Buffer, from: unknown) => void): void {
    if (event !== 'message') return;
    this.socket.on('message', (bytes, from) => {
      if (!this.isOpen() || bytes.length > DATAGRAM_BYTES_MAX) return;
      try {
        listener(bytes, from);
      } catch (thrown) {
        this.log(messageOf(thrown));
      }
    });
  }

  bind(): void {}

  send(...args: Parameters<Socket['send']>): void {
    if (this.isOpen()) this.socket.send(...args);
  }

  close(): void {
    this.socket.close();
  }
}

/** The SNMP side of one device: reads only, live values, silent while the device is away. */
export class WireSnmp {
  private readonly device: LabDevice;
  private readonly model: LabModel;
  private readonly log: (text: string) => void;
  private gate: Gate | undefined;

  constructor(device: LabDevice, model: LabModel, log: (text: string) => void) {
    this.device = device;
    this.model = model;
    this.log = (text) => log(`${device.id}: snmp: ${text}`);
  }

  get port(): number {
    return this.device.snmp?.port ?? SNMP_PORT;
  }

  /** Fault `lab-fault` names device, address and port when the port cannot be had. */
  async open(): Promise<void> {
    const { id, address } = this.device;
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (cause) => reject(portFault(id, `UDP ${address}:${this.port}`, cause)));
      socket.bind(this.port, address, resolve);
    });
    socket.removeAllListeners('error');
    const gate = new Gate(socket, () => this.speaks(), this.log);
    this.gate = gate;
    this.start(gate);
  }

  close(): void {
    this.gate?.close();
    this.gate = undefined;
  }

  private start(gate: Gate): void {
    const options = {
      port: this.port,
      address: this.device.address,
      accessControlModelType: 0,
      engineID: this.engineId(),
      dgramModule: { createSocket: () => gate },
    };
    // Refused requests and malformed datagrams are reported here; a device says nothing about them.
    const agent: Agent = snmp.createAgent(options, () => {});
    const authorizer = agent.getAuthorizer();
    const { community, users = [] } = this.device.snmp ?? {};
    if (community !== undefined) authorizer.addCommunity(community);
    for (const user of users) authorizer.addUser(userOf(user));
    Object.defineProperties(agent.engine, {
      engineID: { get: () => this.engineId() },
      engineBoots: { get: () => this.engineBoots() },
      engineTime: { get: () => this.upSeconds() },
    });
    const reads = (rowsFor: (view: View, pdu: Pdu) => Row[]): Handler => {
      return (socket, message, from) => {
        const answer = message.pdu.getResponsePduForRequest();
        if (message.pdu.varbinds.length > VARBINDS_MAX) answer.errorStatus = TOO_BIG;
        else answer.varbinds = rowsFor(this.view(), message.pdu);
        agent.sendResponse(socket, from, message, answer);
      };
    };
    agent.getRequest = reads((view, pdu) => pdu.varbinds.map(({ oid }) => view.at(oid)));
    agent.getNextRequest = reads((view, pdu) => pdu.varbinds.map(({ oid }) => view.after(oid)));
    agent.getBulkRequest = reads((view, pdu) => view.bulk(pdu));
    agent.setRequest = (socket, message, from) => {
      const answer = message.pdu.getResponsePduForRequest();
      answer.errorStatus = NOT_WRITABLE;
      answer.errorIndex = 1;
      agent.sendResponse(socket, from, message, answer);
    };
  }

  private speaks(): boolean {
    const { id } = this.device;
    return this.model.isReachable(id) && !this.model.suffers(id, 'mute-snmp');
  }

  private upSeconds(): number {
    const sinceMs = this.model.device(this.device.id).powerSinceMs;
    return Math.max(0, Math.floor((this.model.scheduler.nowMs() - sinceMs) / 1000));
  }

  private isReset(): boolean {
    return this.model.suffers(this.device.id, 'reset-engine');
  }

  private engineBoots(): number {
    return this.isReset() ? 1 : this.model.device(this.device.id).bootCount;
  }

  /** Of the device, whatever it runs: enterprise format with octets of our own (RFC 3411). */
  private engineId(): Buffer {
    const digest = createHash('sha256')
      .update(`engine ${this.device.id}${this.isReset() ? '+' : ''}`, 'utf8')
      .digest();
    return Buffer.concat([Buffer.from('8000b98305', 'hex'), digest.subarray(0, 12)]);
  }

  private view(): View {
    const { id } = this.device;
    const mib = this.model.personality(id).mib(this.model.device(id), this.model.scheduler.nowMs());
    return new View(
      Object.entries(mib).map(([oid, { type, value }]) => ({
        oid,
        type: typeNumbers[type],
        value: type === 'ticks' ? Number(value) % TICKS : value,
      })),
    );
  }
}
