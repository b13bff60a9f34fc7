import ssh2, {
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  type BaseAgent,
  type KeyboardInteractiveAuthMethod,
  type ParsedKey,
  type Prompt,
} from 'ssh2';
import type { AuthMethod } from '../ports/dialer.js';

/** Keys of an agent that are offered at most: each one counts as a try on the device. */
const AGENT_KEYS_MAX = 3;
const QUESTION_CHARACTERS_MAX = 120;
/** Questions that a fixed password is never the answer to, whatever else their words say. */
const ONE_TIME =
  /one.?time|otp|token|passcode|verification|challenge|response|code|factor|\bpin\b/i;
const NEW_PASSWORD = /new\b.*pass|re-?type|re-?enter|confirm/i;

/** How the login went, for the outcome of the dial. */
export interface LoginTrace {
  /** Methods offered so far, in order. */
  readonly offered: string[];
  /** Why a method could not even be offered. */
  readonly skipped: string[];
  /** The question was left unanswered: the login is to end at once. */
  readonly stuck: (question: string) => void;
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

/** The words of a question as one short line. */
function wordsOf(prompts: readonly Prompt[], instructions: string): string {
  const texts = [instructions, ...prompts.map((each) => each.prompt)];
  const words = texts.join(' ').replaceAll(/[^\x20-\x7e]+/g, ' ');
  return words.replaceAll(/ +/g, ' ').trim().slice(0, QUESTION_CHARACTERS_MAX);
}

function asksPassword(prompt: Prompt): boolean {
  return prompt.echo !== true && !ONE_TIME.test(prompt.prompt) && !NEW_PASSWORD.test(prompt.prompt);
}

interface Typing {
  readonly username: string;
  readonly password: string;
  readonly trace: LoginTrace;
  /** The device has taken the password already: what it asks now is something else. */
  readonly passwordTaken: boolean;
}

/** Answers one hidden question for a password once. The same again is a refusal; anything else ends the login. */
function keyboardInteractive(typing: Typing): KeyboardInteractiveAuthMethod {
  const { username, password, trace } = typing;
  let answered: string | undefined;
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (...asked) => {
      const [, instructions, , prompts, finish] = asked;
      // Nothing asked: a notice, or the end of the exchange.
      if (prompts.length === 0) return finish([]);
      const [first] = prompts;
      const isPassword = prompts.length === 1 && first !== undefined && asksPassword(first);
      if (isPassword && answered === undefined && !typing.passwordTaken) {
        answered = first.prompt;
        return finish([password]);
      }
      // Asked the same again, the device did not take the password: no answer lets it say so.
      if (isPassword && answered === first.prompt) return finish([]);
      trace.stuck(wordsOf(prompts, instructions));
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
 * device does not take `password` at all, so that one wrong password is one refusal, or where it took the password and
 * asks on, so that the question is known.
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
  return (accepted, partial, next) => {
    // The names of the methods that the device still takes; unknown (null) before the first refusal.
    const taken: readonly string[] | null = accepted;
    const password = askedPassword;
    askedPassword = undefined;
    const passwordTaken = partial === true;
    const asksOn =
      password !== undefined &&
      taken !== null &&
      taken.includes('keyboard-interactive') &&
      (passwordTaken || !taken.includes('password'));
    const method = asksOn
      ? keyboardInteractive({ username, password, trace, passwordTaken })
      : nextOffer();
    if (method) trace.offered.push(method.type);
    // `false` ends the login; the type of the callback does not know it.
    Reflect.apply(next, undefined, [method ?? false]);
  };
}
