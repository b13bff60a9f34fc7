import type { CliSession } from '../../src/session/dialect.js';
import { optional } from './read.js';

/** What `show configuration sessions detail` tells. */
export interface ConfigSessions {
  /** The session whose commit the device takes back unless it is confirmed. There is one at most. */
  readonly timed: string | undefined;
  /** Sessions that were opened and neither committed nor aborted. */
  readonly open: readonly string[];
  /** Does a commit write startup config by itself? */
  readonly savesOnCommit: boolean;
}

const TABLE = /^Maximum number of pending sessions: \d/m;
/** From 4.32 on the running timer stands above the table, and the session counts as committed in it. */
const TIMED = /^Session with pending commit timer: (\S{1,200})\s*$/m;
const ROW = /^[ *]{0,3}(\S{1,200}) {1,200}(pending|pendingCommitTimer)\b/;
const SAVES = /^Autosave to startup-config on commit is enabled/m;

/** Undefined: not such a table. Reads the forms before and since EOS 4.32. */
export function parseConfigSessions(text: string): ConfigSessions | undefined {
  const clean = text.replaceAll('\r', '');
  if (!TABLE.test(clean)) return undefined;
  const rows = clean.split('\n').flatMap((each) => {
    const [, name = '', state] = ROW.exec(each) ?? [];
    return state === undefined ? [] : [{ name, state }];
  });
  const timed = rows.find(({ state }) => state === 'pendingCommitTimer')?.name;
  return {
    timed: TIMED.exec(clean)?.[1] ?? timed,
    open: rows.filter(({ state }) => state === 'pending').map(({ name }) => name),
    savesOnCommit: SAVES.test(clean),
  };
}

/** Undefined: this EOS has no configuration sessions, or its answer is not understood. */
export async function readConfigSessions(session: CliSession): Promise<ConfigSessions | undefined> {
  const text = await optional(session, 'show configuration sessions detail');
  return text === undefined ? undefined : parseConfigSessions(text);
}
