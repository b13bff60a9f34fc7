import type { ConfigRules, MaskRule } from './rules.js';

/** A line that was changed or left out before comparing. */
export interface MaskedLine {
  /** The rule's name. */
  readonly name: string;
  /** 1-based, in the text as it was. */
  readonly line: number;
}

export interface MaskedConfig {
  /** Each line stands where it stood: one that was left out is empty. */
  readonly text: string;
  readonly masked: readonly MaskedLine[];
}

function maskLine(line: string, rule: MaskRule): string | undefined {
  const { match, replacement } = rule;
  if (line.search(match) < 0) return undefined;
  return replacement === undefined ? '' : line.replace(match, replacement);
}

/**
 * The text without what changes by itself, and what was masked. `lines` leaves out whole lines only and keeps every
 * value: for patches, in which a masked value would be typed into a device.
 */
export function maskConfig(
  text: string,
  rules: ConfigRules,
  what: 'all' | 'lines' = 'all',
): MaskedConfig {
  const masks = rules.masks.filter((each) => what === 'all' || each.replacement === undefined);
  const masked: MaskedLine[] = [];
  const lines = text.split('\n').map((raw, at) => {
    let line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    for (const rule of masks) {
      const changed = maskLine(line, rule);
      if (changed === undefined) continue;
      masked.push({ name: rule.name, line: at + 1 });
      line = changed;
      if (rule.replacement === undefined) break;
    }
    return line;
  });
  return { text: lines.join('\n'), masked };
}
