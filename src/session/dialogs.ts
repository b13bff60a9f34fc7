import { Fault, messageOf } from '../kernel/fault.js';
import type { ReadyDialog } from './decide.js';
import type { Dialog } from './dialect.js';

const SECRET_ANSWER = 'secret:enable';

/** What may be typed into a hidden question. */
export interface SessionSecrets {
  readonly enable?: string;
}

function expression(source: string): RegExp {
  try {
    return new RegExp(source, 'm');
  } catch (thrown) {
    throw new Fault('driver-broken', `the question /${source}/ cannot be read`, {
      cause: messageOf(thrown),
    });
  }
}

/**
 * Expected questions, ready for matching, secrets filled in. A question whose secret we do not have is left out: it is
 * then an unexpected one and is not answered. A secret is given once only, so that no account is locked.
 */
export function readyDialogs(
  dialogs: readonly Dialog[],
  secrets: SessionSecrets,
): readonly ReadyDialog[] {
  const ready: ReadyDialog[] = [];
  for (const dialog of dialogs) {
    const secret = dialog.answer === SECRET_ANSWER;
    const answer = secret ? secrets.enable : dialog.answer;
    if (answer === undefined) continue;
    const ask = expression(dialog.ask);
    ready.push({ ask, answer, secret, once: secret, enter: dialog.enter ?? true });
  }
  return ready;
}
