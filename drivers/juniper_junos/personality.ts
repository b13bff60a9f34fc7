import type {
  Personality,
  SimAnswer,
  SimContext,
  SimDevice,
  SimEffect,
  SimShell,
} from '../../src/driver/personality.js';
import { bootDevice } from './personality-boot.js';
import { ENGINE_TIMER, REBOOT_TIMER, rebootOnTime } from './personality-reboot.js';
import { answerQuestion, runLine } from './personality-commands.js';
import { CONFIRM_TIMER, rollBackUnconfirmed } from './personality-commit.js';
import { createDevice } from './personality-create.js';
import { uploadTarget } from './personality-files.js';
import { cleanLine } from './personality-grammar.js';
import { junosMib } from './personality-mib.js';
import { modelNamed, MODELS, modelOf } from './personality-models.js';
import { aboveText, modeOf, OPERATIONAL, promptText } from './personality-mode.js';
import { masterEngine, PLATFORM, settle, type Turn } from './personality-state.js';

function banner(device: SimDevice): string {
  const { running } = masterEngine(device);
  const bits = modelOf(device).architecture === 'amd64' ? '64-bit' : '32-bit';
  const shell: SimShell = { mode: modeOf(OPERATIONAL), paging: true };
  return `--- JUNOS ${running.version} Kernel ${bits}\r\n${aboveText(device, shell, 0).slice(2)}`;
}

function answer(turn: Turn, text: string): SimAnswer {
  const { question } = turn.shell;
  if (question?.takes === 'key') return answerQuestion(turn, question, text.slice(0, 1));
  const typed = cleanLine(text);
  if (question !== undefined) return answerQuestion(turn, question, typed);
  const isSilent = typed.trim() === '' || typed.trim().startsWith('#');
  if (isSilent) return { device: turn.device, shell: turn.shell, effects: [] };
  return runLine(turn, typed);
}

/** What Junos writes above a prompt follows the last of the output. */
function finished(given: SimAnswer, nowMs: number): SimAnswer {
  const { shell, device, effects } = given;
  const isOver = effects.some(({ kind }) => kind === 'close-shell' || kind === 'reload');
  if (isOver || shell.question !== undefined) return given;
  const text = aboveText(device, shell, nowMs);
  const delays = effects.map((effect) => (effect.kind === 'print' ? (effect.delayMs ?? 0) : 0));
  const delayMs = Math.max(0, ...delays);
  const last: SimEffect = delayMs > 0 ? { kind: 'print', text, delayMs } : { kind: 'print', text };
  return { ...given, effects: [...effects, last] };
}

function line(device: SimDevice, shell: SimShell, text: string, context: SimContext): SimAnswer {
  const now = settle(device, context.nowMs);
  return finished(answer({ device: now, shell, context }, text), context.nowMs);
}

function timer(device: SimDevice, name: string, context: SimContext) {
  const now = settle(device, context.nowMs);
  if (name === CONFIRM_TIMER) return rollBackUnconfirmed(now, context.nowMs);
  if (name === REBOOT_TIMER) return rebootOnTime(now, context);
  if (name === ENGINE_TIMER) return { device: now, effects: [] };
  return { device: now, effects: [] };
}

/** The simulated Junos device: MX router with one or two routing engines, as guest of a host too, and EX switch. */
export const personality: Personality = {
  platform: PLATFORM,
  pages: 'itself',
  models: MODELS.map(({ name }) => name),
  create: createDevice,
  banner,
  login: () => ({ mode: modeOf(OPERATIONAL), paging: true }),
  prompt: promptText,
  line,
  timer,
  boot: bootDevice,
  uploadTarget,
  mib: junosMib,
  imageFileName: (version, model) => modelNamed(model).image(version),
};
