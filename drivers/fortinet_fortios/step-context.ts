import type { StepContext } from '../../src/driver/step.js';
import type { CommandOutcome } from '../../src/session/dialect.js';

export function textParam(context: StepContext, key: string): string {
  const value = context.step.params[key];
  return typeof value === 'string' ? value : '';
}

export function numberParam(context: StepContext, key: string): number | undefined {
  const value = context.step.params[key];
  return typeof value === 'number' ? value : undefined;
}

export function listParam(context: StepContext, key: string): readonly string[] {
  const value = context.step.params[key];
  return Array.isArray(value) ? value.map(String) : [];
}

/** What this step or another one of the unit observed. */
export function knownText(context: StepContext, key: string, id = context.step.id): string {
  const value = context.known[id]?.[key];
  return typeof value === 'string' ? value : '';
}

export function knownNumber(context: StepContext, key: string): number | undefined {
  const value = context.known[context.step.id]?.[key];
  return typeof value === 'number' ? value : undefined;
}

/** The end of an answer, for people. */
export function tail(outcome: CommandOutcome): string {
  return outcome.text.trim().split('\n').slice(-3).join(' / ').slice(-300);
}

/** `primary` is partition 1, `secondary` partition 2. */
export function slotOf(partition: number): 'primary' | 'secondary' {
  return partition === 1 ? 'primary' : 'secondary';
}
