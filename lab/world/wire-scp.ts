import { basename } from 'node:path/posix';
import type { ServerChannel } from 'ssh2';
import type { WireEnd } from './wire-shell.js';
import type { IncomingFile, WireDesk } from './wire-upload.js';

const LINE_BYTES_MAX = 4096;
const HEADER = /^C[0-7]{4} (\d{1,15}) ([^/]{1,255})$/;

/** The target of `scp -t PATH`; undefined for any other command. */
export function scpTarget(command: string): string | undefined {
  const match = /^scp\s+((?:-[A-Za-z]+\s+)+)(?:--\s+)?(.+)$/.exec(command.trim());
  if (!match?.[1]?.includes('t') || match[2] === undefined) return undefined;
  const path = match[2].trim();
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(path);
  return quoted ? (quoted[1] ?? quoted[2]) : path.replace(/\\(.)/g, '$1');
}

/** The receiving side of scp (its protocol as OpenSSH speaks it): one file, or several after another. */
export class ScpSink {
  private readonly end: WireEnd;
  private readonly desk: WireDesk;
  private readonly channel: ServerChannel;
  private readonly target: string;
  private line = Buffer.alloc(0);
  private file: IncomingFile | undefined;
  private path: string;
  private atBytes = 0;
  /** Still to come of the current file, its closing status byte not counted. */
  private leftBytes = 0;
  private state: 'header' | 'content' | 'status' | 'stalled' | 'over' = 'header';
  private failed = false;
  private refused = false;

  constructor(
    parts: { readonly end: WireEnd; readonly desk: WireDesk },
    channel: ServerChannel,
    target: string,
  ) {
    this.end = parts.end;
    this.desk = parts.desk;
    this.channel = channel;
    this.target = target;
    this.path = target;
  }

  serve(): void {
    this.channel.on('data', (bytes: Buffer) => this.arrive(bytes));
    this.channel.on('end', () => this.finish());
    this.channel.on('close', () => this.abandon());
    this.channel.on('error', () => this.abandon());
    this.acknowledge();
  }

  private acknowledge(): void {
    this.channel.write(Buffer.of(0));
  }

  private complain(detail: string): void {
    this.failed = true;
    this.channel.write(`\u0001scp: ${detail}\n`);
  }

  private arrive(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0 && this.state !== 'over' && this.state !== 'stalled') {
      if (this.state === 'header') rest = this.header(rest);
      else if (this.state === 'content') rest = this.content(rest);
      else rest = this.status(rest);
    }
  }

  private header(bytes: Buffer): Buffer {
    const at = bytes.indexOf('\n');
    const piece = at < 0 ? bytes : bytes.subarray(0, at);
    this.line = Buffer.concat([this.line, piece]);
    if (this.line.length > LINE_BYTES_MAX) {
      this.complain('protocol error: line too long');
      this.finish();
    }
    if (at < 0) return Buffer.alloc(0);
    const line = this.line.toString('utf8');
    this.line = Buffer.alloc(0);
    if (this.state === 'header') this.begin(line);
    return bytes.subarray(at + 1);
  }

  private begin(line: string): void {
    if (line.startsWith('T')) return this.acknowledge();
    const [, size, name] = HEADER.exec(line) ?? [];
    if (size === undefined || name === undefined) {
      this.complain(
        `protocol error: ${line.startsWith('D') ? 'no directories' : 'unexpected line'}`,
      );
      return this.finish();
    }
    const isFolder = this.desk.flashOf(this.end.id, this.target) !== undefined;
    const glue = /[:/]$/.test(this.target) ? '' : '/';
    this.path = isFolder ? `${this.target}${glue}${basename(name)}` : this.target;
    const sizeBytes = Number(size);
    const order = { remotePath: this.path, method: 'scp', sizeBytes, resumes: false } as const;
    const admitted = this.desk.admit(this.end.id, order);
    if (typeof admitted === 'string') {
      this.complain(admitted);
      return this.finish();
    }
    this.file = admitted;
    this.atBytes = 0;
    this.leftBytes = sizeBytes;
    this.refused = false;
    this.state = sizeBytes === 0 ? 'status' : 'content';
    this.acknowledge();
  }

  private content(bytes: Buffer): Buffer {
    const piece = bytes.subarray(0, this.leftBytes);
    const taken = this.refused ? 'no-space' : this.file?.write(this.atBytes, piece);
    this.atBytes += piece.length;
    this.leftBytes -= piece.length;
    if (this.leftBytes === 0) this.state = 'status';
    if (taken === 'broken') {
      this.abandon();
      this.end.reset();
    } else if (taken === 'stalled') {
      this.state = 'stalled';
      this.channel.pause();
    } else if (taken !== 'taken' && !this.refused) {
      this.refused = true;
      this.complain(`${this.path}: No space left on device`);
    }
    return bytes.subarray(piece.length);
  }

  /** The sender's word on the file: 0 when it is all there. */
  private status(bytes: Buffer): Buffer {
    this.file?.finish();
    this.file = undefined;
    this.state = 'header';
    if (!this.refused) this.acknowledge();
    return bytes.subarray(bytes[0] === 0 ? 1 : bytes.length);
  }

  private abandon(): void {
    this.state = 'over';
    this.file?.finish();
    this.file = undefined;
  }

  private finish(): void {
    if (this.state === 'over') return;
    this.abandon();
    this.channel.exit(this.failed ? 1 : 0);
    this.channel.end();
  }
}
