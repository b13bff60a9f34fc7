import { formatDuration } from '../kernel/duration.js';
import type { Plan } from '../plan/plan.js';
import type { App } from '../app.js';
import type { Ask } from '../run/manual-word.js';
import type { RunState } from '../run/state.js';
import { answersOf } from './plan-paste.js';
import { oneLine, visible } from './visible.js';

function copyLines({ step, mayLet }: Ask, plan: Plan): readonly string[] {
  const { transfer } = step;
  if (!transfer) return [];
  const images = plan.body.units.flatMap((each) => each.images);
  const image = images.find((each) => each.name === transfer.image);
  const pulls = transfer.method === 'http' || transfer.method === 'tftp';
  const copy = pulls
    ? `#   Nightshift serves ${oneLine(image?.fileName ?? transfer.image)} by ${transfer.method} while this is asked`
    : `#   copy ${oneLine(image?.path ?? transfer.image)} to ${oneLine(transfer.remotePath)} by ${transfer.method}`;
  const size = image ? [`#   ${image.sizeBytes} bytes, sha512 ${image.sha512}`] : [];
  return [copy, ...size, ...(mayLet ? ['#   or say "let": Nightshift does this step itself'] : [])];
}

function titleLine({ unit, list, position, step, attempt }: Ask, plan: Plan): string {
  const own = plan.body.units.find((each) => each.unit === unit);
  const count = (list === 'forward' ? own?.steps : own?.rollback)?.length ?? 0;
  const where = list === 'forward' ? 'step' : 'ROLLBACK step';
  const again = attempt > 1 ? ` (asked ${attempt} times)` : '';
  return `# ${oneLine(unit)}: ${where} ${position + 1}/${count}, ${oneLine(step.title)}${again}`;
}

function typeLines({ step, lines }: Ask): readonly string[] {
  const clearing = step.commands.filter((each) => each.when === 'refused');
  return [
    ...lines.flatMap(({ index, send }) => {
      const line = step.commands[index];
      return [visible(send), ...(line ? answersOf(line) : [])];
    }),
    ...(lines.length === 0 && !step.transfer ? ['#   nothing is to be typed: say done'] : []),
    ...clearing.map((each) => `#   if a line is refused: ${visible(each.send)}, then say refuse`),
  ];
}

/** Lines to type stand alone, so that they can be copied; everything else is behind a `#`. */
export function askLines(ask: Ask, plan: Plan): readonly string[] {
  const { step } = ask;
  const address = plan.body.units.find((each) => each.unit === ask.unit)?.address ?? '';
  return [
    titleLine(ask, plan),
    `#   at ${oneLine(address)}, in a session of your own; up to ${formatDuration(step.maxMs)}`,
    ...(ask.seen === '' ? [] : [`#   the device shows: ${oneLine(ask.seen)}`]),
    ...(step.pointOfNoReturn ? ['#   POINT OF NO RETURN'] : []),
    ...copyLines(ask, plan),
    ...typeLines(ask),
  ];
}

/** How the asking is answered from any terminal. */
export function answerLine(run: string, { unit, mayLet }: Ask): string {
  return `#   then: nightshift manual done|${mayLet ? 'let|' : ''}refuse|stop ${run} ${oneLine(unit)}`;
}

/** All that the run asks for now. */
export function askedLines(
  app: App,
  run: string,
  { plan, state }: { readonly plan: Plan; readonly state: RunState },
): readonly string[] {
  return app.asks(plan, state).flatMap((ask) => [...askLines(ask, plan), answerLine(run, ask)]);
}
