import { Fault } from '../../src/kernel/fault.js';
import type { CliSession } from '../../src/session/dialect.js';
import {
  parseEngines,
  parseShowVersion,
  parseUptimeMs,
  parseVmHost,
  sectionFor,
  sectionsOf,
  type Engine,
  type ShowVersion,
  type VmHost,
} from './parse.js';
import { versions } from './versions.js';

/** How a command is given to both engines. */
export const ALL = 'invoke-on all-routing-engines';
/** States in which an engine does its work. */
export const READY: ReadonlySet<string> = new Set(['master', 'backup']);

/** Text of a command that not every device knows: empty where it does not. */
export async function readIfKnown(session: CliSession, line: string): Promise<string> {
  const outcome = await session.send(line);
  if (outcome.kind === 'output') return outcome.text;
  if (outcome.kind === 'failed') return '';
  const code = outcome.kind === 'closed' ? 'unreachable' : 'session-limit';
  throw new Fault(code, `"${line}" ended with ${outcome.kind}`, { retry: 'safe' });
}

/** What several engines say; one that cannot be reached says `error:`, and the others are still heard. */
export async function readAll(session: CliSession, line: string): Promise<string> {
  const outcome = await session.send(line);
  if (outcome.kind === 'output' || outcome.kind === 'failed') return outcome.text;
  const code = outcome.kind === 'closed' ? 'unreachable' : 'session-limit';
  throw new Fault(code, `"${line}" ended with ${outcome.kind}`, { retry: 'safe' });
}

/** One routing engine as it is seen now. */
export interface EngineState {
  /** `re0`, `re1`. */
  readonly id: string;
  readonly isMaster: boolean;
  /** `ready`, or the device's own word. */
  readonly state: string;
  /** Empty while the engine does not answer. */
  readonly version: string;
  /** Normal forms; pending is empty where nothing waits for a boot. */
  readonly normal: string;
  readonly pending: string;
  readonly uptimeMs?: number;
}

export interface Standing {
  readonly shown: ShowVersion;
  /** All of `show version`, with the parts of a virtual chassis. */
  readonly versionText: string;
  readonly engines: readonly Engine[];
  readonly states: readonly EngineState[];
  /** Of each engine; none where the device is no vmhost. */
  readonly vmHosts: ReadonlyMap<string, VmHost>;
}

const normalOf = (text: string) => versions.parse(text)?.normal ?? text;

interface Answers {
  readonly version: string;
  readonly uptime: string;
  readonly vmHost: string;
}

/** An engine that should answer and does not is not ready, whatever the chassis says of it. */
function stateWord(engine: Engine, answers: boolean): string {
  if (!READY.has(engine.state)) return engine.state;
  return answers ? 'ready' : 'not answering';
}

function stateOf(engine: Engine, alone: boolean, answers: Answers): EngineState {
  const id = `re${engine.slot}`;
  const part = (text: string) => (alone ? sectionsOf(text)[0]?.text : sectionFor(text, id)) ?? '';
  const shown = parseShowVersion(part(answers.version));
  const uptimeMs = parseUptimeMs(part(answers.uptime));
  const { version = '', pending = '' } = shown ?? {};
  return {
    id,
    isMaster: engine.state === 'master',
    state: stateWord(engine, shown !== undefined),
    version,
    normal: normalOf(version),
    pending: normalOf(pending),
    ...(uptimeMs === undefined ? {} : { uptimeMs }),
  };
}

/** Versions, pending software, mastership and uptime of every engine, in one look. */
export async function observe(session: CliSession): Promise<Standing> {
  const first = await session.read('show version');
  const shown = parseShowVersion(sectionsOf(first)[0]?.text ?? '');
  if (!shown)
    throw new Fault('garbled-answer', '`show version` does not read as Junos', { retry: 'safe' });
  const engines = parseEngines(await readIfKnown(session, 'show chassis routing-engine'));
  const known = engines.length > 0 ? engines : [{ slot: 0, state: 'master' }];
  const alone = known.length === 1 || sectionsOf(first).length > 1;
  const on = alone ? '' : ` ${ALL}`;
  const answers = {
    version: alone ? first : await readAll(session, `show version ${ALL}`),
    uptime: await readAll(session, `show system uptime${on}`),
    vmHost: await readIfKnown(session, `show vmhost version${on}`),
  };
  const states = (alone ? known.slice(0, 1) : known).map((each) => stateOf(each, alone, answers));
  const vmHosts = states.flatMap(({ id }) => {
    const text = alone ? answers.vmHost : sectionFor(answers.vmHost, id);
    const vmHost = parseVmHost(text ?? '');
    return vmHost ? [[id, vmHost] as const] : [];
  });
  return { shown, versionText: first, engines: known, states, vmHosts: new Map(vmHosts) };
}

/** The active engine: the one that answers us. */
export function activeOf(standing: Standing): EngineState | undefined {
  return standing.states.find((each) => each.isMaster) ?? standing.states[0];
}
