/** Lines that change by themselves or with a mere save. */
const VOLATILE =
  /^(?:Building configuration\.\.\.|Current configuration ?:.*|Using \d+ out of \d+ bytes.*|Uncompressed configuration.*|! Last configuration change at .*|! NVRAM config last updated at .*|! No configuration change since last restart.*|!Time: .*|ntp clock-period \d+.*)$/;

/** `text` without what changes by itself, for digests and comparison. */
export function maskConfig(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => !VOLATILE.test(line));
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}

/** Startup shows a certificate by file name where running shows it in hexadecimal: not a difference. */
function withoutCertificates(text: string): string {
  const kept: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    const starts = /^ certificate \S/.test(line);
    const body = /^\s*(?:[0-9A-F]{2,8}\s*)+$/.test(line) || /^\s*quit$/.test(line);
    inside = starts || (inside && body);
    if (!inside) kept.push(line);
  }
  return kept.join('\n');
}

/** Would a reload change nothing in the configuration? */
export function sameConfig(running: string, startup: string): boolean {
  return withoutCertificates(maskConfig(running)) === withoutCertificates(maskConfig(startup));
}

/** Would a reload bring the same configuration back? The line that names the release differs after an upgrade. */
export function comesBackSame(running: string, startup: string): boolean {
  const release = /^version \d.*$/gm;
  return sameConfig(running.replace(release, 'version'), startup.replace(release, 'version'));
}

/** What `path` of the section `archive` says; undefined: no archive is kept. */
export function archivePathOf(config: string): string | undefined {
  const section = /^archive\r?\n((?: .*(?:\r?\n|$))*)/m.exec(config)?.[1] ?? '';
  return /^ path (\S+)/m.exec(section)?.[1];
}

/** Does the device list the entries of its named access lists with numbers? Undefined: it has none. */
export function listsNumbers(config: string): boolean | undefined {
  const entry = /^ip access-list (?:standard|extended) \S+\r?\n +(\d+ )?(?:permit|deny|remark)\b/m;
  const found = entry.exec(config);
  return found ? found[1] !== undefined : undefined;
}
