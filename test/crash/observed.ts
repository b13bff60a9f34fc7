/** A command that decides, which a device was sent once more. */
export interface Repeat {
  readonly device: string;
  readonly command: string;
  /** Was the device looked at between the two, in a session begun after the first? */
  readonly seen: boolean;
}

interface Deciding {
  /** The line as it is sent. */
  readonly line: RegExp;
  /** What tells whether it had its effect. */
  readonly look: RegExp;
}

/** Every line that decides what a device runs next or whether it carries traffic. */
const DECIDING: readonly Deciding[] = [
  { line: /^reload$/, look: /^show version/ },
  { line: /^boot system /, look: /^show boot-config/ },
  { line: /^install add /, look: /^show install summary/ },
  { line: /^install activate/, look: /^show (version|install summary)/ },
  { line: /^install (commit|abort|rollback)/, look: /^show (version|install summary)/ },
  { line: /^(no )?quiesce$/, look: /^show maintenance/ },
  { line: /^(no )?max-metric /, look: /^show running-config/ },
];

interface Sending {
  readonly deciding: Deciding;
  /** Sessions begun since. */
  readonly opened: Set<string>;
  looked: boolean;
}

const LOGGED = /^\d+ (\S+) (open-shell|input) (\S+)(?: (".*"))?$/s;

/** A whole line that arrived at a device; undefined for keys and pieces of lines. */
function lineOf(quoted: string | undefined): string | undefined {
  const text: unknown = JSON.parse(quoted ?? '""');
  return typeof text === 'string' && text.endsWith('\r') ? text.slice(0, -1) : undefined;
}

/** What one device was sent, and what it was asked since. */
class Device {
  readonly #name: string;
  readonly #sent = new Map<string, Sending>();

  constructor(name: string) {
    this.#name = name;
  }

  opened(shell: string): void {
    for (const each of this.#sent.values()) each.opened.add(shell);
  }

  /** Gives the repeat when this line is one. */
  typed(shell: string, line: string): Repeat | undefined {
    for (const each of this.#sent.values()) {
      if (each.opened.has(shell) && each.deciding.look.test(line)) each.looked = true;
    }
    const deciding = DECIDING.find((each) => each.line.test(line));
    if (!deciding) return undefined;
    const before = this.#sent.get(line);
    this.#sent.set(line, { deciding, opened: new Set(), looked: false });
    return before && { device: this.#name, command: line, seen: before.looked };
  }
}

/**
 * Every repeat of a line that decides, told from the lab's own log: from what arrived at the devices, whether they took
 * it or not, and not from what the runner says of itself.
 */
export function repeatsOf(log: readonly string[]): readonly Repeat[] {
  const repeats: Repeat[] = [];
  const devices = new Map<string, Device>();
  for (const text of log) {
    const [, name = '', kind, shell = '', quoted] = LOGGED.exec(text) ?? [];
    const device = devices.get(name) ?? new Device(name);
    devices.set(name, device);
    if (kind === 'open-shell') device.opened(shell);
    const line = kind === 'input' ? lineOf(quoted) : undefined;
    const repeat = line === undefined ? undefined : device.typed(shell, line);
    if (repeat) repeats.push(repeat);
  }
  return repeats;
}

/** How many lines that decide arrived at all: with none there is nothing to judge. */
export function decidingLines(log: readonly string[]): number {
  return log.filter((text) => {
    const [, , kind, , quoted] = LOGGED.exec(text) ?? [];
    const line = kind === 'input' ? lineOf(quoted) : undefined;
    return line !== undefined && DECIDING.some((each) => each.line.test(line));
  }).length;
}

export function unseenRepeats(log: readonly string[]): readonly string[] {
  return repeatsOf(log)
    .filter((each) => !each.seen)
    .map((each) => `${each.device}: ${each.command}`);
}
