import {
  changeState,
  changeStateText,
  pathText,
  type ChangeState,
} from '../../src/config/change-state.js';
import type { ConfigDelta } from '../../src/config/delta.js';
import { parseConfig } from '../../src/config/parse.js';
import type { ConfigPath, ConfigTree } from '../../src/config/tree.js';
import type { StepContext } from '../../src/driver/step.js';
import { recall } from '../../src/kernel/recall.js';
import type { CliSession } from '../../src/session/dialect.js';
import { rules } from './config-rules.js';
import { field, rowsOf } from './parse.js';
import { readConfig } from './read.js';

const TABLE = /^config ([a-z][\w. -]{0,100})$/;

/** Where a change of the configuration stands, and how the device saves. */
export interface Standing {
  readonly state: ChangeState['kind'] | 'unreadable';
  readonly why: string;
  /** `automatic`, `manual`, `revert`. */
  readonly saveMode: string;
  readonly timeout: string;
}

export async function observe(context: StepContext): Promise<Standing> {
  const session = await context.session();
  const global = rowsOf(await session.read('get system global'));
  const saveMode = field(global, 'cfg-save') ?? '';
  const timeout = field(global, 'cfg-revert-timeout') ?? '600';
  const parsed = parseConfig(await readConfig(session), rules);
  if (parsed.kind === 'malformed') {
    const [first] = parsed.findings;
    const why = `the configuration cannot be read: line ${first?.line}: ${first?.why}`;
    return { state: 'unreadable', why, saveMode, timeout };
  }
  const delta = recall<ConfigDelta>(context.step.params['delta']);
  const stands = await judged(session, parsed.tree, delta);
  return { state: stands.kind, why: changeStateText(stands), saveMode, timeout };
}

/**
 * `show` leaves out a setting that has its default value (Fortinet, FortiOS CLI reference, "show full-configuration"). A
 * setting that was to come and is not listed is looked for in the whole section before it is called missing.
 */
async function judged(
  session: CliSession,
  tree: ConfigTree,
  delta: ConfigDelta,
): Promise<ChangeState> {
  const state = changeState(tree, delta);
  const lacking = new Set(state.missing);
  const hidden = delta.added.filter((each) => lacking.has(pathText(each)));
  const isPlain = state.surplus.length === 0 && delta.ordered.length === 0;
  if (state.kind !== 'between' || !isPlain || !hidden.every(isSetting)) return state;
  const stated = { added: hidden, removed: [], ordered: [] };
  for (const table of new Set(hidden.map(tableOf))) {
    const text = await session.read(`show full-configuration ${table}`);
    const whole = parseConfig(text, rules);
    const inTable = hidden.filter((each) => tableOf(each) === table);
    if (whole.kind === 'malformed') return state;
    if (changeState(whole.tree, { ...stated, added: inTable }).kind !== 'after') return state;
  }
  return { kind: 'after', missing: [], surplus: [] };
}

function tableOf(path: ConfigPath): string {
  return TABLE.exec(path[0] ?? '')?.[1] ?? '';
}

function isSetting(path: ConfigPath): boolean {
  return tableOf(path) !== '' && (path.at(-1) ?? '').startsWith('set ');
}
