import { createHash } from 'node:crypto';
import { recall } from '../../src/kernel/recall.js';

const TYPED = /^\d+(?:\.\d+)? (\S+) line \S+ (".*")$/;

/** What a device received whole, when the line of the log says so. */
export function typedLine(
  entry: string,
): { readonly device: string; readonly line: string } | undefined {
  const [, device, quoted] = TYPED.exec(entry) ?? [];
  if (device === undefined || quoted === undefined) return undefined;
  return { device, line: recall<string>(JSON.parse(quoted)) };
}

/** All that happened in the lab, one line each, in order. Beyond `linesMax` only the digest goes on. */
export class EventLog {
  private readonly hash = createHash('sha256');
  private readonly kept: string[] = [];
  private readonly linesMax: number;
  private watcher: ((line: string) => void) | undefined;

  constructor(linesMax = 500_000) {
    this.linesMax = linesMax;
  }

  append(line: string): void {
    this.hash.update(`${line}\n`, 'utf8');
    if (this.kept.length < this.linesMax) this.kept.push(line);
    this.watcher?.(line);
  }

  /** `watcher` is told of every further line; it must change nothing. */
  watch(watcher: (line: string) => void): void {
    this.watcher = watcher;
  }

  lines(): readonly string[] {
    return this.kept;
  }

  /** Over every line so far, kept or not. */
  digest(): string {
    return `sha256:${this.hash.copy().digest('hex')}`;
  }
}

/** What really happened to a device, for whoever compares it with what a run believed. */
export type TruthKind =
  | 'mutation'
  | 'reload-requested'
  | 'went-down'
  | 'boot'
  | 'never-returned'
  | 'upload'
  | 'out-of-space'
  | 'fault-struck'
  | 'fault-cleared';

export interface TruthRecord {
  readonly seq: number;
  readonly atMs: number;
  readonly device: string;
  readonly kind: TruthKind;
  readonly detail: string;
  /** Running then. */
  readonly version: string;
  readonly bootCount: number;
}
