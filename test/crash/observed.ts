/** Something that a device was told twice. */
export interface Repeat {
  readonly device: string;
  readonly name: string;
  /** Was the device looked at between the two, in a session begun after the first? */
  readonly seen: boolean;
}

/** What was looked at before a command is sent once more. */
const LOOKS: Readonly<Record<string, RegExp>> = {
  reload: /"show version/,
  'set-boot': /"show boot-config/,
  'install-add': /"show install summary/,
  'install-activate': /"show version/,
  'install-commit': /"show (version|install summary)/,
  'install-abort': /"show install summary/,
  'install-rollback': /"show version/,
};

interface Since {
  opened: boolean;
  looked: boolean;
}

/** Every repeat of a command that decides what a device runs, told from the lab's own log. */
export function repeatsOf(log: readonly string[]): readonly Repeat[] {
  const repeats: Repeat[] = [];
  const sent = new Map<string, Since>();
  for (const text of log) {
    const [, device = '', what = ''] = /^\S+ (\S+) (.*)$/s.exec(text) ?? [];
    const told = /^truth mutation: ([\w-]+): (.*)$/.exec(what);
    const name = told?.[1] ?? '';
    if (LOOKS[name]) {
      const key = `${device} ${name} ${told?.[2]}`;
      const before = sent.get(key);
      if (before) repeats.push({ device, name, seen: before.opened && before.looked });
      sent.set(key, { opened: false, looked: false });
      continue;
    }
    for (const [key, since] of sent) {
      const [whose, command = ''] = key.split(' ');
      if (whose !== device) continue;
      if (what.startsWith('open-shell')) since.opened = true;
      if (since.opened && LOOKS[command]?.test(what)) since.looked = true;
    }
  }
  return repeats;
}

export function unseenRepeats(log: readonly string[]): readonly string[] {
  return repeatsOf(log)
    .filter((each) => !each.seen)
    .map((each) => `${each.device}: ${each.name}`);
}
