/** The head of a configuration: version, build, a counter that rises with every change and who asked. */
const HEAD = /^#(?:config-version=|conf_file_ver=|buildno=)/;
/** Written into certificates and databases by themselves. */
const STAMP = /^\s*set last-updated \d+$/;
const KEY_BEGIN = /-----BEGIN (?:ENCRYPTED |RSA |EC |OPENSSH )?PRIVATE KEY-----/;
const KEY_END = /-----END (?:ENCRYPTED |RSA |EC |OPENSSH )?PRIVATE KEY-----/;

function hidden(line: string): string {
  return line.replace(/\bENC \S+/g, 'ENC <hidden>');
}

/**
 * `text` without what changes by itself: the head, time stamps, and secrets, which FortiOS encrypts anew for every
 * display. A changed secret can therefore not be told from an unchanged one.
 */
export function maskConfig(text: string): string {
  const kept: string[] = [];
  let inKey = false;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trimEnd();
    if (inKey) {
      inKey = !KEY_END.test(line);
      continue;
    }
    if (HEAD.test(line) || STAMP.test(line)) continue;
    inKey = KEY_BEGIN.test(line) && !KEY_END.test(line);
    kept.push(KEY_BEGIN.test(line) ? line.replace(/"-----BEGIN.*$/, '<hidden>') : hidden(line));
  }
  while (kept[0] === '') kept.shift();
  while (kept.at(-1) === '') kept.pop();
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}
