import { execFile } from 'node:child_process';
import type { Delivered, Errand, NoticeCourier } from '../ports/notice-courier.js';
import type { Secrets } from '../ports/secrets.js';

const COMMAND_MS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 65_536;

export interface CourierOptions {
  readonly secrets: Secrets;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Throws for hosts that may not be reached; asked before anything is sent. With it no command is run. */
  readonly admit?: (host: string) => void;
}

function run({ command, delivery, body }: Errand, env: CourierOptions['env']): Promise<Delivered> {
  const [program = '', ...args] = command.split(/\s+/).filter((word) => word !== '');
  const limits = { timeout: COMMAND_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
  const options = {
    ...limits,
    killSignal: 'SIGKILL' as const,
    env: { ...env, NIGHTSHIFT_DELIVERY: delivery },
  };
  return new Promise((settle) => {
    const child = execFile(program, args, options, (error) => {
      if (!error) return settle({ kind: 'delivered' });
      // What it wrote is not repeated: nobody knows what is in it.
      const why = error.killed ? 'it ran into the time limit' : `it failed (${error.code ?? ''})`;
      return settle({ kind: 'undelivered', why: `${program}: ${why}` });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(body);
  });
}

/** Mail, webhooks and commands of the real world; secrets are blanked in all that leaves. What sends them is loaded when first needed. */
export function createNoticeCourier({ secrets, env, admit }: CourierOptions): NoticeCourier {
  const guarded = async (host: string, send: () => Promise<Delivered>): Promise<Delivered> => {
    try {
      admit?.(host);
    } catch (thrown) {
      return {
        kind: 'undelivered',
        why: thrown instanceof Error ? thrown.message : String(thrown),
      };
    }
    return send();
  };
  return {
    mail: (letter) =>
      guarded(letter.server.host, async () =>
        (await import('./mail-courier.js')).sendMail(letter, secrets),
      ),
    post: (call) =>
      guarded(new URL(call.url).hostname.replace(/^\[|\]$/g, ''), async () =>
        (await import('./webhook-courier.js')).postCall(
          { ...call, body: secrets.redact(call.body) },
          secrets,
        ),
      ),
    run: (errand) =>
      admit
        ? Promise.resolve({ kind: 'undelivered', why: 'commands are not run while a lab is up' })
        : run({ ...errand, body: secrets.redact(errand.body) }, env),
  };
}
