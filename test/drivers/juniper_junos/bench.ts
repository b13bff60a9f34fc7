import { driver } from '../../../drivers/juniper_junos/index.js';
import { personality } from '../../../drivers/juniper_junos/personality.js';
import type { UpgradeImage } from '../../../src/driver/driver.js';
import type { Act, Known, Probe, Step, StepContext } from '../../../src/driver/step.js';
import { openSession, type ShellSession } from '../../../src/session/session.js';
import { createSimWorld } from '../../../lab/world/world.js';
import type { Transcript } from '../../conformance/conformer.js';
import { routingOf } from './recorded.js';

export const START_MS = Date.UTC(2027, 0, 9, 20);
const DAY_MS = 86_400_000;
const TARGET = '22.4R3-S2.11';

export function imageFor(model: string): UpgradeImage {
  const fileName = personality.imageFileName(TARGET, model);
  return {
    name: fileName,
    fileName,
    version: TARGET,
    path: `/images/${fileName}`,
    sizeBytes: 600_000_000,
    sha512: 'ab'.repeat(64),
    md5: 'cd'.repeat(16),
  };
}

/** A simulated device like the recorded one, the package for its upgrade in /var/tmp already. */
export function bench({ facts, commands }: Transcript) {
  const image = imageFor(facts.model);
  const { fileName: name, sizeBytes, sha512, md5 } = image;
  const held = { platform: driver.platform.id, version: TARGET };
  const spec = {
    id: facts.hostname,
    hostname: facts.hostname,
    platform: driver.platform.id,
    model: facts.model,
    address: '127.20.8.1',
    version: facts.runningVersion,
    serials: facts.serials,
    image: { name, sizeBytes, sha512, md5, image: held, modifiedAtMs: START_MS - DAY_MS },
    ports: [],
    peers: [],
    redundancy: {
      kind: 'none',
      domain: '',
      role: 'primary',
      peerSystem: '',
      peerAddress: '',
      peerUp: false,
    },
    login: { username: 'ops', password: 'lab-secret' },
    extraConfig: routingOf(commands['show configuration'] ?? ''),
    bootedAtMs: START_MS - 40 * DAY_MS,
  } as const;
  const sim = createSimWorld(
    {
      seed: 'bench',
      startMs: START_MS,
      devices: [spec],
      passive: [],
      links: [],
      images: [],
      faults: [],
    },
    { [driver.platform.id]: personality },
  );
  const { dialect, timing, algorithms } = driver.platform;
  let known: Known = {};
  const sent: string[] = [];
  let shell: ShellSession | undefined;

  const open = async (): Promise<ShellSession> => {
    if (shell?.isOpen) return shell;
    const { dialer, clock } = sim.ports;
    const dialled = await dialer.dial({
      endpoint: { host: spec.address, port: 22 },
      username: 'ops',
      auth: [{ kind: 'password', password: 'lab-secret' }],
      algorithms,
      acceptHostKey: () => true,
      timeoutMs: timing.loginMs,
      keepaliveMs: timing.loginMs,
    });
    if (dialled.kind !== 'connected') throw new Error(dialled.kind);
    const channel = await dialled.connection.openShell();
    if (!channel) throw new Error('no shell');
    const limits = { idleMs: 60_000, totalMs: 180_000, outputBytesMax: 8_000_000 };
    const permit = { current: () => true };
    const opened = await openSession(channel, { dialect, clock, limits, permit });
    if (opened.kind !== 'open') throw new Error(`${opened.kind}: ${opened.detail}`);
    shell = opened.session;
    return shell;
  };

  const contextOf = (step: Step, intentAtMs?: number): StepContext => ({
    step,
    known,
    nowMs: sim.scheduler.nowMs(),
    intentAtMs,
    pause: () => Promise.resolve(),
    session: open,
    async send(index) {
      const line = step.commands[index];
      sent.push(line?.send ?? '');
      const { dialogs = [], limits } = line ?? {};
      return (await open()).send(line?.send ?? '', { dialogs, ...(limits ? { limits } : {}) });
    },
    upload: () => Promise.resolve({ kind: 'refused', detail: 'no upload here' }),
    offer: () => Promise.reject(new Error('nothing is offered here')),
    image: () => image,
    keep: () => Promise.resolve('digest'),
    progress: () => undefined,
  });
  const keep = (step: Step, seen: Probe | Act) => {
    const news = 'known' in seen && seen.known ? seen.known : {};
    known = { ...known, [step.id]: { ...known[step.id], ...news } };
  };
  const kindOf = (step: Step) => {
    const kind = driver.stepKinds.find((each) => each.kind === step.kind);
    if (!kind) throw new Error(`no kind ${step.kind}`);
    return kind;
  };
  const probe = async (step: Step, intentAtMs?: number): Promise<Probe> => {
    const seen = await sim.scheduler.drain(kindOf(step).probe(contextOf(step, intentAtMs)));
    keep(step, seen);
    return seen;
  };
  const act = async (step: Step): Promise<Act> => {
    const done = await sim.scheduler.drain(
      kindOf(step).act(contextOf(step, sim.scheduler.nowMs())),
    );
    keep(step, done);
    return done;
  };
  return {
    sim,
    image,
    sent,
    probe,
    act,
    device: () => sim.deviceState(spec.id),
    /** A line typed by hand in a session of its own, or in ours. */
    type: (line: string) => sim.scheduler.drain(open().then((session) => session.send(line))),
    /** What anybody may do at any time. */
    reboot: async () => {
      const line = image.fileName.includes('vmhost') ? 'vmhost' : 'system';
      const dialogs = [{ ask: String.raw`\(no\) ?$`, answer: 'yes' }];
      await sim.scheduler.drain(
        open().then((it) => it.send(`request ${line} reboot`, { dialogs })),
      );
      await sim.scheduler.advance(3_600_000);
    },
    hangUp: () => {
      shell?.close();
      shell = undefined;
    },
    /** Probe, act, time, probe, as the engine does it. Answers what the last probe said. */
    async run(step: Step, waitMs = 60_000): Promise<Probe> {
      const first = await probe(step);
      if (first.answer !== 'absent' && first.answer !== 'partial') return first;
      const intentAtMs = sim.scheduler.nowMs();
      const acted = await act(step);
      if (acted.kind === 'refused') return { answer: 'failed', why: `refused: ${acted.why}` };
      await sim.scheduler.advance(waitMs);
      return probe(step, intentAtMs);
    },
    /** The engine forgets everything that it was not told by the journal. */
    forget: () => {
      known = {};
    },
  };
}
