import type { Personality, SimAnswer, SimDevice, SimEffect } from '../../src/driver/personality.js';
import type { FaultEffect, Refusal, Wording } from './fault.js';

const AT_LOGIN = 'asked-at-login';

function textFor(wording: Wording, platform: string): string {
  return wording[platform] ?? wording['other'] ?? '';
}

/** Keeps to a wrong name, whatever its configuration says. */
function underName(personality: Personality, hostname: string): Personality {
  const named = (device: SimDevice) =>
    device.hostname === hostname ? device : { ...device, hostname };
  return {
    ...personality,
    line(device, shell, text, context) {
      const answer = personality.line(device, shell, text, context);
      return { ...answer, device: named(answer.device) };
    },
    timer(device, name, context) {
      const answer = personality.timer(device, name, context);
      return { ...answer, device: named(answer.device) };
    },
    ...(personality.pulled && {
      pulled(device, tag, result, context) {
        const answer = personality.pulled?.(device, tag, result, context);
        return { effects: answer?.effects ?? [], device: named(answer?.device ?? device) };
      },
    }),
    boot(device, context) {
      const boot = personality.boot(device, context);
      return { ...boot, device: named(boot.device) };
    },
  };
}

/** Asks before the first prompt; any answer lets in. */
function asking(personality: Personality, asks: Wording): Personality {
  return {
    ...personality,
    banner: (device) => personality.banner(device) + textFor(asks, device.platform),
    login: (device) => ({
      ...personality.login(device),
      question: { id: AT_LOGIN, takes: 'line', data: {} },
    }),
    line(device, shell, text, context) {
      if (shell.question?.id !== AT_LOGIN) return personality.line(device, shell, text, context);
      const { question: _answered, ...open } = shell;
      return { device, shell: open, effects: [] };
    },
  };
}

/** Changes what is said of every line. */
function answering(
  personality: Personality,
  change: (answer: SimAnswer) => SimAnswer,
): Personality {
  return {
    ...personality,
    line: (device, shell, text, context) => change(personality.line(device, shell, text, context)),
  };
}

function paging(personality: Personality): Personality {
  const always = answering(personality, (answer) => ({
    ...answer,
    shell: { ...answer.shell, paging: true },
  }));
  return { ...always, login: (device) => ({ ...personality.login(device), paging: true }) };
}

/** Between two lines of what is printed at once; slow output is left alone. */
function withLog(effect: SimEffect, line: string): SimEffect {
  if (effect.kind !== 'print' || (effect.delayMs ?? 0) > 0) return effect;
  const lines = effect.text.split(/(?<=\n)/);
  const at = Math.ceil(lines.length / 2);
  if (lines.length < 2) return effect;
  return { ...effect, text: [...lines.slice(0, at), `${line}\r\n`, ...lines.slice(at)].join('') };
}

function logging(personality: Personality, wording: Wording): Personality {
  return answering(personality, (answer) => {
    const line = textFor(wording, answer.device.platform);
    const isAsking = answer.shell.question !== undefined || line === '';
    if (isAsking) return answer;
    return { ...answer, effects: answer.effects.map((effect) => withLog(effect, line)) };
  });
}

function isRefused({ lines, also }: Refusal, text: string, answer: SimAnswer): boolean {
  if (lines !== undefined) return new RegExp(lines).test(text);
  return answer.mutation !== undefined || (also !== undefined && new RegExp(also).test(text));
}

function refusing(
  personality: Personality,
  refuses: Readonly<Record<string, Refusal>>,
): Personality {
  return {
    ...personality,
    line(device, shell, text, context) {
      const refusal = refuses[device.platform] ?? refuses['other'];
      const answer = personality.line(device, shell, text, context);
      if (!refusal || shell.question || !isRefused(refusal, text, answer)) return answer;
      return { device, shell, effects: [{ kind: 'print', text: `${refusal.says}\r\n` }] };
    },
  };
}

/** What a busy processor does to every answer. */
function slowed(personality: Personality, byMs: number): Personality {
  return answering(personality, (answer) => ({
    ...answer,
    effects: answer.effects.map((effect) =>
      effect.kind === 'print' ? { ...effect, delayMs: (effect.delayMs ?? 0) + byMs } : effect,
    ),
  }));
}

/** Boots without the lines of its configuration that it does not understand. */
function rejecting(personality: Personality, lines: Wording): Personality {
  return {
    ...personality,
    boot(device, context) {
      const boot = personality.boot(device, context);
      const rejected = new RegExp(textFor(lines, device.platform));
      const kept = boot.device.runningConfig.split('\n').filter((line) => !rejected.test(line));
      return { ...boot, device: { ...boot.device, runningConfig: kept.join('\n') } };
    },
  };
}

function refusingWrites(personality: Personality, lines: string, says: Wording): Personality {
  const refuses = Object.entries(says).map(([platform, text]) => [platform, { lines, says: text }]);
  return refusing(personality, Object.fromEntries(refuses));
}

function under(personality: Personality, effect: FaultEffect): Personality {
  switch (effect.kind) {
    case 'rename':
      return underName(personality, effect.hostname);
    case 'ask-at-login':
      return asking(personality, effect.asks);
    case 'change-banner':
      return { ...personality, banner: ({ platform }) => textFor(effect.banner, platform) };
    case 'page-always':
      return paging(personality);
    case 'log-into-output':
      return logging(personality, effect.line);
    case 'reject-lines':
      return rejecting(personality, effect.lines);
    case 'slow-answers':
      return slowed(personality, effect.byMs);
    case 'refuse-writes':
      return refusingWrites(personality, effect.lines, effect.says);
    case 'refuse-lines':
      return refusing(personality, effect.refuses);
    default:
      return personality;
  }
}

/** A personality as the effects that are in force make it. */
export function actingUnder(
  personality: Personality,
  effects: readonly FaultEffect[],
): Personality {
  return effects.reduce(under, personality);
}
