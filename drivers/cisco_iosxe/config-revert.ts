import type { Facts } from '../../src/driver/facts.js';
import type { StepContext } from '../../src/driver/step.js';
import { readIfKnown } from './facts.js';

/** `archive`: its own timed rollback to a copy in its archive. `reload`: a scheduled reload into the saved config. */
export type RevertMethod = 'archive' | 'reload';

/** Only a copy on the device can be gone back to when the change has cut the network off. */
const LOCAL =
  /^(?:flash|bootflash|disk|harddisk|slot|usb|usbflash|nvram|crashinfo|bootdisk|sup-bootdisk)[\w-]*:(?!\/\/)/i;

/** How this unit takes a change back by itself. */
export function methodFor({ details }: Facts): RevertMethod {
  const path = details['archivePath'];
  return typeof path === 'string' && LOCAL.test(path) ? 'archive' : 'reload';
}

/** Whose timer runs on the device: the change's own, another one's, or none. */
export type RevertGuard = 'ours' | 'foreign' | 'none' | 'unreadable';

/** Of `show archive config rollback timer`. It names no change: ours is the one of as many minutes. */
export function rollbackGuard(text: string, minutes: number): RevertGuard {
  if (/No Rollback Confirmed Change pending/i.test(text)) return 'none';
  if (/^\s*%?\s*Archive feature not enabled/im.test(text)) return 'none';
  const value = /^\s*Timer value\s*: (\d{1,5}) min/im.exec(text)?.[1];
  if (value === undefined) return 'unreadable';
  return Number(value) === minutes && /^\s*Timer type\s*: absolute/im.test(text)
    ? 'ours'
    : 'foreign';
}

/** Of `show reload`. Ours has the token of the change as its reason. */
export function reloadGuard(text: string, token: string): RevertGuard {
  if (/^\s*%?\s*No reload is scheduled/im.test(text)) return 'none';
  if (!/^\s*Reload scheduled (?:for|in|at) /im.test(text)) return 'unreadable';
  const reason = /^\s*Reload reason\s*: (.*)$/im.exec(text)?.[1] ?? '';
  return token !== '' && reason.includes(token) ? 'ours' : 'foreign';
}

/** What guards the change of this step now. */
export async function readGuard(context: StepContext): Promise<RevertGuard> {
  const session = await context.session();
  const { method, minutes, token } = context.step.params;
  if (method === 'archive') {
    const text = await readIfKnown(session, 'show archive config rollback timer');
    return rollbackGuard(text, typeof minutes === 'number' ? minutes : 0);
  }
  const text = await readIfKnown(session, 'show reload');
  return reloadGuard(text, typeof token === 'string' ? token : '');
}
