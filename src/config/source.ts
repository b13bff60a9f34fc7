import { configLimits, type Findings } from './finding.js';

/** A prompt that was captured behind the text: `sw1#`, `user@r1>`, `fw1 (global) # `, `{master}`, `[edit]`. */
const PROMPT =
  /^(?:[\w.@:~/-]{1,100}(?: ?\([\w.@:~ /-]{1,100}\))? ?[#>$%]|\{[\w:-]{1,40}\}|\[edit[^\]]{0,200}\])[ \t]*$/;

/** The lines of a text as a device prints it; empty with a finding when the text is beyond the limits. */
export function linesOf(text: string, findings: Findings): string[] {
  if (text.length > configLimits.bytes) {
    findings.add(1, `the text is longer than ${configLimits.bytes} characters`);
    return [];
  }
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const lines = bare.split('\n');
  if (lines.length > configLimits.lines) {
    findings.add(configLimits.lines, `there are more than ${configLimits.lines} lines`);
    return [];
  }
  for (const [at, line] of lines.entries()) {
    if (line.includes('\r')) lines[at] = line.replace(/^\r+|\r+$/g, '');
  }
  dropPrompts(lines);
  return lines;
}

/** How many lines behind the text may be prompts. */
const PROMPTS_MAX = 3;

function dropPrompts(lines: string[]): void {
  for (let dropped = 0; dropped < PROMPTS_MAX;) {
    const last = lines.at(-1);
    if (last === undefined) return;
    if (last.trim() !== '') {
      if (last.length > 300 || !PROMPT.test(last)) return;
      dropped += 1;
    }
    lines.pop();
  }
}
