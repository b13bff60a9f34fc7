import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../src/kernel/fault.js';
import { errorCodeOf } from '../../src/store/private-file.js';

/** A disk of its own, so small that it can be filled to the last byte. */
export interface SmallDisk {
  /** A state directory on it; what the lab writes lies elsewhere, so that only Nightshift feels the lack. */
  readonly state: string;
  freeBytes(): number;
  /** Until the system itself says that no space is left. */
  fill(): void;
  /** Takes away again what `fill` put there. */
  free(): void;
  /** Takes the disk away. */
  end(): void;
}

const PIECE_BYTES = 65_536;

/** Why no disk can be mounted here; undefined when it can. */
export function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  if (process.getuid?.() !== 0) return 'mounting needs root, and this is not root';
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-mount-'));
  try {
    mount(folder, 65_536);
    execFileSync(programs.off, [folder], { stdio: 'pipe' });
    return undefined;
  } catch (thrown) {
    return `mount is refused: ${messageOf(thrown)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Programs of the system, both of util-linux. */
const programs = { on: 'mount', off: 'umount' } as const;

function mount(folder: string, sizeBytes: number): void {
  const options = `size=${sizeBytes},mode=0700`;
  execFileSync(programs.on, ['-t', 'tmpfs', '-o', options, 'nightshift-test', folder], {
    stdio: 'pipe',
  });
}

/** Was there room for all of it? */
function takes(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes, 0x2e)) === bytes;
  } catch (thrown) {
    if (errorCodeOf(thrown) === 'ENOSPC') return false;
    throw thrown;
  }
}

/** Writes pieces, and in the end bytes, until not one more is taken. */
function fillUp(path: string): void {
  const file = openSync(path, 'a', 0o600);
  try {
    for (let bytes = PIECE_BYTES; bytes >= 1;) {
      if (!takes(file, bytes)) bytes = Math.floor(bytes / 2);
    }
  } finally {
    closeSync(file);
  }
}

/** Needs root, see `whyNoDisk`. */
export function mountSmallDisk(sizeBytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-disk-'));
  const [disk, lab] = [join(folder, 'disk'), join(folder, 'lab')];
  for (const each of [disk, lab]) mkdirSync(each, { mode: 0o700 });
  mount(disk, sizeBytes);
  const state = join(disk, 'state');
  mkdirSync(state, { mode: 0o700 });
  symlinkSync(lab, join(state, 'lab'));
  const filler = join(disk, 'filler');
  return {
    state,
    freeBytes: () => {
      const { bavail, bsize } = statfsSync(disk);
      return bavail * bsize;
    },
    fill: () => fillUp(filler),
    free: () => rmSync(filler),
    end: () => {
      execFileSync(programs.off, ['--lazy', disk], { stdio: 'pipe' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
