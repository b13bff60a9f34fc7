/** What became of a configuration between two readings, both masked by the driver. */
export interface ConfigLoss {
  readonly before: number;
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const kept = line.trimEnd();
    if (kept.trim() !== '') counts.set(kept, (counts.get(kept) ?? 0) + 1);
  }
  return counts;
}

function surplus(of: Map<string, number>, over: Map<string, number>): string[] {
  return [...of].flatMap(([line, count]) =>
    Array.from({ length: Math.max(0, count - (over.get(line) ?? 0)) }, () => line),
  );
}

/** Lines that one reading has and the other has not, whatever their order. */
export function configLoss(before: string, after: string): ConfigLoss {
  const was = countLines(before);
  const is = countLines(after);
  const total = [...was.values()].reduce((sum, count) => sum + count, 0);
  return { before: total, gone: surplus(was, is), added: surplus(is, was) };
}

/** A new release rewrites some lines; a fifth of them missing is a lost configuration. */
const LOST_SHARE = 0.2;

export function isLost(loss: ConfigLoss): boolean {
  return loss.before > 0 && loss.gone.length > loss.before * LOST_SHARE;
}

/** What a line is about: its depth and its first word, `set` and `no` aside. */
function topicOf(line: string): string {
  const [, indent = '', word = ''] = /^(\s*)(?:(?:set|unset|no|default) )?(\S+)/.exec(line) ?? [];
  return `${indent.length} ${word}`;
}

const SHOWN_MAX = 3;

/** In words, lines that are gone and that nothing new stands for: rejected, where a rewritten one has a successor. */
export function linesRejected({ gone, added }: ConfigLoss): string | undefined {
  const topics = new Set(added.map(topicOf));
  const rejected = gone.filter((line) => !topics.has(topicOf(line))).map((line) => line.trim());
  if (rejected.length === 0) return undefined;
  const more = rejected.length > SHOWN_MAX ? `, and ${rejected.length - SHOWN_MAX} more` : '';
  return `the new release did not take: ${rejected.slice(0, SHOWN_MAX).join(', ')}${more}`;
}
