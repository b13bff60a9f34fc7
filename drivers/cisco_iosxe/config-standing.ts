import { changeState, changeStateText } from '../../src/config/change-state.js';
import type { ConfigDelta } from '../../src/config/delta.js';
import { parseConfig } from '../../src/config/parse.js';
import type { StepContext } from '../../src/driver/step.js';
import { recall } from '../../src/kernel/recall.js';
import { readGuard, type RevertGuard } from './config-revert.js';
import { rules } from './config-rules.js';
import { readConfig } from './facts.js';

/** How the change stands on the device, and whose timer runs there. */
export interface Standing {
  readonly state: 'before' | 'after' | 'between' | 'unreadable';
  readonly why: string;
  readonly guard: RevertGuard;
}

export const isArchive = (context: StepContext) => context.step.params['method'] === 'archive';
export const indexOfLast = (context: StepContext) => context.step.commands.length - 1;

export function standingIn(config: string, context: StepContext): Omit<Standing, 'guard'> {
  const parsed = parseConfig(config, rules);
  if (parsed.kind === 'malformed') {
    const [first] = parsed.findings;
    const why = `the configuration cannot be read: line ${first?.line}: ${first?.why}`;
    return { state: 'unreadable', why };
  }
  const delta = recall<ConfigDelta>(context.step.params['delta']);
  const stands = changeState(parsed.tree, delta);
  return { state: stands.kind, why: changeStateText(stands) };
}

/** The guard is read first: one that is seen there and runs out meanwhile leaves a state that says so. */
export async function observe(context: StepContext): Promise<Standing> {
  const guard = await readGuard(context);
  if (guard === 'unreadable') {
    const what = isArchive(context) ? 'its rollback timer' : 'its scheduled reload';
    return { state: 'unreadable', why: `${what} cannot be read`, guard };
  }
  const running = await readConfig(await context.session(), 'running');
  return { ...standingIn(running, context), guard };
}

/** Can the device have taken the change back since? Its timer began after the intent. */
export function isTimeOver({ intentAtMs, begunByMs, nowMs, step }: StepContext): boolean {
  const { revertAfterMs } = step.params;
  const begunMs = begunByMs ?? intentAtMs;
  if (begunMs === undefined || typeof revertAfterMs !== 'number') return false;
  return nowMs >= begunMs + revertAfterMs;
}

export const foreignWhy = (context: StepContext) =>
  isArchive(context)
    ? 'a timed rollback of somebody else is pending'
    : 'a reload of somebody else is scheduled';
