import { driver } from '../../../drivers/juniper_junos/index.js';
import type { Act, Known, Probe, Step, StepContext } from '../../../src/driver/step.js';
import type { CommandOutcome } from '../../../src/session/dialect.js';
import { playing } from './recorded.js';

export interface Scene {
  readonly file?: string;
  /** Answers in place of the recorded ones. */
  readonly answers?: Readonly<Record<string, string>>;
  /** What the lines of the step lead to; `output` where not told. */
  readonly outcomes?: Readonly<Record<string, CommandOutcome>>;
  readonly known?: Known;
  readonly nowMs?: number;
  readonly intentAtMs?: number;
}

function contextOf(step: Step, scene: Scene, sent: string[]): StepContext {
  const { session } = playing(scene.file ?? 'mx-single-before', scene.answers);
  return {
    step,
    known: scene.known ?? {},
    nowMs: scene.nowMs ?? 0,
    intentAtMs: scene.intentAtMs,
    pause: () => Promise.resolve(),
    session: () => Promise.resolve(session),
    send(index) {
      const line = step.commands[index]?.send ?? '';
      sent.push(line);
      return Promise.resolve(
        scene.outcomes?.[line] ?? { kind: 'output', text: '', mode: 'operational' },
      );
    },
    upload: () => Promise.resolve({ kind: 'refused', detail: 'no upload here' }),
    offer: () => Promise.reject(new Error('nothing is offered here')),
    image: () => ({ path: '', sizeBytes: 600_000_000, sha512: '', md5: '' }),
    keep: () => Promise.resolve('digest'),
    progress: () => undefined,
  };
}

function kindOf(step: Step) {
  const kind = driver.stepKinds.find((each) => each.kind === step.kind);
  if (!kind) throw new Error(`no kind ${step.kind}`);
  return kind;
}

export function probe(step: Step, scene: Scene = {}): Promise<Probe> {
  return kindOf(step).probe(contextOf(step, scene, []));
}

export async function act(step: Step, scene: Scene = {}): Promise<Act & { sent: string[] }> {
  const sent: string[] = [];
  return { ...(await kindOf(step).act(contextOf(step, scene, sent))), sent };
}
