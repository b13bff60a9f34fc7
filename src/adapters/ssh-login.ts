import ssh2, {
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  type BaseAgent,
  type KeyboardInteractiveAuthMethod,
  type ParsedKey,
} from 'ssh2';
import type { AuthMethod } from '../ports/dialer.js';

/** Keys of an agent that are offered at most: each one counts as a try on the device. */
const AGENT_KEYS_MAX = 3;

/** How the login went, for the outcome of the dial. */
export interface LoginTrace {
  /** Methods offered so far, in order. */
  readonly offered: string[];
  /** Why a method could not even be offered. */
  readonly skipped: string[];
}

/** An agent of which only the first few keys are offered. */
function fewKeysAgent(socket: string): BaseAgent {
  const agent = ssh2.createAgent(socket);
  const identities = agent.getIdentities.bind(agent);
  agent.getIdentities = (done) => {
    identities((error, keys) => {
      if (error) done(error);
      else done(undefined, keys?.slice(0, AGENT_KEYS_MAX));
    });
  };
  return agent;
}

/** Answers one hidden question once; whatever else is asked gets no answer of ours. */
function keyboardInteractive(username: string, password: string): KeyboardInteractiveAuthMethod {
  let used = false;
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (...asked) => {
      const [, , , prompts, finish] = asked;
      const single = prompts.length === 1 && prompts[0]?.echo !== true && !used;
      if (single) used = true;
      finish(single ? [password] : []);
    },
  };
}

function keyProblem(method: Extract<AuthMethod, { kind: 'key' }>): string | undefined {
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(
    method.privateKey,
    method.passphrase,
  );
  return parsed instanceof Error ? `the private key cannot be read: ${parsed.message}` : undefined;
}

function offer(method: AuthMethod, username: string): AnyAuthMethod {
  switch (method.kind) {
    case 'password':
      return { type: 'password', username, password: method.password };
    case 'agent':
      return { type: 'agent', username, agent: fewKeysAgent(method.socket) };
    case 'key': {
      const key = { type: 'publickey', username, key: method.privateKey } as const;
      return method.passphrase === undefined ? key : { ...key, passphrase: method.passphrase };
    }
  }
}

/**
 * Offers each method once, in the order given. A password goes by `password`; by `keyboard-interactive` only where the
 * device does not take `password` at all, so that one wrong password is one refusal.
 */
export function loginHandler(
  methods: readonly AuthMethod[],
  username: string,
  trace: LoginTrace,
): AuthHandlerMiddleware {
  const left = [...methods];
  let askedPassword: string | undefined;
  const nextOffer = (): AnyAuthMethod | undefined => {
    for (let method = left.shift(); method; method = left.shift()) {
      const problem = method.kind === 'key' ? keyProblem(method) : undefined;
      if (problem !== undefined) {
        trace.skipped.push(problem);
        continue;
      }
      askedPassword = method.kind === 'password' ? method.password : undefined;
      return offer(method, username);
    }
    return undefined;
  };
  return (accepted, _partial, next) => {
    // The names of the methods that the device still takes; unknown (null) before the first refusal.
    const taken: readonly string[] | null = accepted;
    const password = askedPassword;
    askedPassword = undefined;
    const instead = password !== undefined && taken !== null && !taken.includes('password');
    const method =
      instead && taken.includes('keyboard-interactive')
        ? keyboardInteractive(username, password)
        : nextOffer();
    if (method) trace.offered.push(method.type);
    // `false` ends the login; the type of the callback does not know it.
    Reflect.apply(next, undefined, [method ?? false]);
  };
}
