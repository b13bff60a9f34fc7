import { posix } from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { SimFile } from '../../src/driver/personality.js';
import type { WireEnd } from './wire-shell.js';
import type { IncomingFile, Taken, WireDesk } from './wire-upload.js';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
const HANDLES_MAX = 64;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

type Open =
  | { readonly kind: 'file'; readonly path: string; readonly file: IncomingFile }
  | { readonly kind: 'folder'; readonly files: readonly SimFile[]; told: boolean };

function attributes(kind: 'file' | 'folder', sizeBytes: number, modifiedAtMs: number): Attributes {
  const seconds = Math.floor(modifiedAtMs / 1000);
  const mode = kind === 'file' ? S_IFREG | 0o644 : S_IFDIR | 0o755;
  return { mode, uid: 0, gid: 0, size: sizeBytes, atime: seconds, mtime: seconds };
}

interface ExitTeller {
  exitStatus(channel: number, code: number): void;
}

function isExitTeller(value: unknown): value is ExitTeller {
  return typeof value === 'object' && value !== null && 'exitStatus' in value;
}

/** ssh2 closes the subsystem without an exit status, which OpenSSH takes for a failure: so it is told here. */
function sayExit(sftp: SFTPWrapper): void {
  const protocol: unknown = Reflect.get(sftp, '_protocol');
  const outgoing: unknown = Reflect.get(sftp, 'outgoing');
  const channel: unknown = Reflect.get(Object(outgoing), 'id');
  if (isExitTeller(protocol) && typeof channel === 'number') protocol.exitStatus(channel, 0);
}

/** The sftp subsystem of a device: files come in, can be resumed, looked at and listed; nothing goes out. */
export class SftpDesk {
  private readonly end: WireEnd;
  private readonly desk: WireDesk;
  private readonly sftp: SFTPWrapper;
  private readonly handles = new Map<number, Open>();
  private handleCount = 0;

  constructor(end: WireEnd, desk: WireDesk, sftp: SFTPWrapper) {
    this.end = end;
    this.desk = desk;
    this.sftp = sftp;
  }

  serve(): void {
    const { sftp } = this;
    sftp.on('OPEN', (request, path, flags) => this.open(request, path, flags));
    sftp.on('WRITE', (request, handle, offset, data) =>
      this.write(request, handle, { offset, data }),
    );
    sftp.on('CLOSE', (request, handle) => this.close(request, handle));
    sftp.on('STAT', (request, path) => this.stat(request, path));
    sftp.on('LSTAT', (request, path) => this.stat(request, path));
    sftp.on('FSTAT', (request, handle) => this.statOpen(request, handle));
    sftp.on('SETSTAT', (request) => this.ok(request));
    sftp.on('FSETSTAT', (request) => this.ok(request));
    sftp.on('REALPATH', (request, path) => this.realPath(request, path));
    sftp.on('OPENDIR', (request, path) => this.openFolder(request, path));
    sftp.on('READDIR', (request, handle) => this.readFolder(request, handle));
    sftp.on('end', () => {
      this.abandon();
      sayExit(sftp);
      sftp.end();
    });
    sftp.on('close', () => this.abandon());
    sftp.on('error', () => this.abandon());
  }

  private ok(request: number): void {
    this.sftp.status(request, STATUS_CODE.OK);
  }

  private fail(request: number, detail: string): void {
    this.sftp.status(request, STATUS_CODE.FAILURE, detail);
  }

  private find(handle: Buffer): Open | undefined {
    return handle.length === 4 ? this.handles.get(handle.readUInt32BE()) : undefined;
  }

  private keep(request: number, open: Open): void {
    this.handleCount += 1;
    this.handles.set(this.handleCount, open);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.handleCount);
    this.sftp.handle(request, handle);
  }

  private open(request: number, path: string, flags: number): void {
    if ((flags & OPEN_MODE.WRITE) === 0) {
      return this.sftp.status(request, STATUS_CODE.PERMISSION_DENIED, 'files are not read here');
    }
    if (this.handles.size >= HANDLES_MAX) return this.fail(request, 'too many open files');
    const resumes = (flags & OPEN_MODE.TRUNC) === 0;
    const order = { remotePath: path, method: 'sftp', sizeBytes: undefined, resumes } as const;
    const admitted = this.desk.admit(this.end.id, order);
    if (typeof admitted === 'string') return this.fail(request, admitted);
    this.keep(request, { kind: 'file', path, file: admitted });
  }

  private write(
    request: number,
    handle: Buffer,
    piece: { readonly offset: number; readonly data: Buffer },
  ): void {
    const open = this.find(handle);
    if (open?.kind !== 'file') return this.fail(request, 'no such handle');
    const answers: Record<Taken, () => void> = {
      taken: () => this.ok(request),
      'no-space': () => this.fail(request, `${open.path}: No space left on device`),
      refused: () => this.fail(request, `${open.path}: write refused`),
      stalled: () => {},
      broken: () => {
        this.abandon();
        this.end.reset();
      },
    };
    answers[open.file.write(piece.offset, piece.data)]();
  }

  private close(request: number, handle: Buffer): void {
    const open = this.find(handle);
    if (!open) return this.fail(request, 'no such handle');
    this.handles.delete(handle.readUInt32BE());
    if (open.kind === 'file') open.file.finish();
    this.ok(request);
  }

  private stat(request: number, path: string): void {
    const file = this.desk.fileAt(this.end.id, path);
    if (file)
      return this.sftp.attrs(request, attributes('file', file.sizeBytes, file.modifiedAtMs));
    if (this.isFolder(path)) return this.sftp.attrs(request, attributes('folder', 4096, 0));
    this.sftp.status(request, STATUS_CODE.NO_SUCH_FILE, 'No such file or directory');
  }

  private isFolder(path: string): boolean {
    if (['', '.', '/'].includes(path)) return true;
    return this.desk.flashOf(this.end.id, path) !== undefined;
  }

  private statOpen(request: number, handle: Buffer): void {
    const open = this.find(handle);
    if (open?.kind !== 'file') return this.fail(request, 'no such handle');
    this.sftp.attrs(request, attributes('file', open.file.sizeBytes, 0));
  }

  /** A flash by name, such as `flash:x`, is absolute already. */
  private realPath(request: number, path: string): void {
    const isNamed = /^[A-Za-z][\w-]*:/.test(path);
    const filename = isNamed ? path : posix.resolve('/', path);
    this.sftp.name(request, [{ filename, longname: filename, attrs: attributes('folder', 0, 0) }]);
  }

  private openFolder(request: number, path: string): void {
    if (!this.isFolder(path)) {
      return this.sftp.status(request, STATUS_CODE.NO_SUCH_FILE, 'No such file or directory');
    }
    if (this.handles.size >= HANDLES_MAX) return this.fail(request, 'too many open files');
    const files = this.desk.flashOf(this.end.id, path)?.flash.files ?? [];
    this.keep(request, { kind: 'folder', files, told: false });
  }

  private readFolder(request: number, handle: Buffer): void {
    const open = this.find(handle);
    if (open?.kind !== 'folder') return this.fail(request, 'no such handle');
    if (open.told || open.files.length === 0) {
      return this.sftp.status(request, STATUS_CODE.EOF);
    }
    open.told = true;
    const rows = open.files.map(({ name, sizeBytes, modifiedAtMs }) => ({
      filename: name,
      longname: `-rw-r--r-- 1 root root ${sizeBytes} Jan 1 00:00 ${name}`,
      attrs: attributes('file', sizeBytes, modifiedAtMs),
    }));
    this.sftp.name(request, rows);
  }

  /** What arrived stays on the device, as if the transfer had ended there. */
  private abandon(): void {
    const open = [...this.handles.values()];
    this.handles.clear();
    for (const one of open) if (one.kind === 'file') one.file.finish();
  }
}
