import type { SimDevice } from '../../src/driver/personality.js';
import type { Step } from '../../src/driver/step.js';
import { atMostOnce } from '../../lab/invariants/at-most-once.js';
import { expressionsOf } from '../../lab/invariants/planned-lines.js';
import { LAB_SECRET } from '../../lab/rehearse/rehearsal-world.js';
import { typedLine } from '../../lab/world/event-log.js';
import type { Journey } from './conduct.js';

/** Lines that a device received whole, in order: from the lab's log, not from what the run says of itself. */
export function typedLines({ stage }: Journey) {
  return stage.sim.log().flatMap((entry) => typedLine(entry) ?? []);
}

function stepsFor(journey: Journey, device: string): readonly Step[] {
  const plan = journey.stage.plan.body.units.find((each) => each.unit === device);
  return plan ? [...plan.steps, ...plan.rollback] : [];
}

/** Lines that are neither in the plan nor read-only nor a way between modes. */
export function strayLines(journey: Journey): readonly string[] {
  const { dialect } = journey.scenario.one.driver.platform;
  const ways = dialect.moves.flatMap((move) => [
    move.send,
    ...(move.dialogs ?? []).map(({ answer }) => (answer === 'secret:enable' ? LAB_SECRET : answer)),
  ]);
  return typedLines(journey).flatMap(({ device, line }) => {
    const steps = stepsFor(journey, device);
    const answers = steps.flatMap((step) =>
      step.commands.flatMap(({ dialogs }) => dialogs.map(({ answer }) => answer)),
    );
    const literal = ['', ...ways, ...answers, ...dialect.onOpen];
    const isMeant =
      literal.includes(line) ||
      dialect.readOnly.some((each) => each.test(line)) ||
      expressionsOf(steps).some((each) => each.test(line));
    return isMeant ? [] : [`${device}: ${line}`];
  });
}

/** Requests for a reload that were sent again before anything was read of the device. */
export function blindRepeats(journey: Journey): readonly string[] {
  const { inventory, drivers } = journey.scenario.inputs;
  const { plan, sim } = journey.stage;
  const found: string[] = [];
  const witness = atMostOnce.witness({ plan, inventory, drivers, sim }, (why) => found.push(why));
  for (const { device, line } of typedLines(journey)) witness.typed?.(device, line);
  return found;
}

/** Reloads of each unit that the lab counted. */
export function reloadsOf({ stage, scenario }: Journey): string {
  const truth = stage.sim.truth().filter((each) => each.kind === 'reload-requested');
  return scenario.units
    .map((unit) => `${unit} ${truth.filter((each) => each.device === unit).length}`)
    .join(', ');
}

/** What must be as it was, or as it was before the upgrade: versions, configs, drain. */
export function essence(device: SimDevice, maskConfig: (text: string) => string) {
  return {
    power: device.power,
    version: device.runningVersion,
    running: maskConfig(device.runningConfig),
    startup: maskConfig(device.startupConfig),
    drained: device.drained,
  };
}

/** All that is wrong with the journey's end, against one that nothing interrupted. */
export function findings(journey: Journey, model: Journey): readonly string[] {
  const { driver } = journey.scenario.one;
  const mask = (text: string) => driver.maskConfig(text);
  const ends = journey.outcomes.flatMap((each, at) => {
    const wanted = model.outcomes[at]?.ended;
    const good = each.isTrue && each.ended === wanted;
    return good ? [] : [`${each.unit} ${each.ended} running ${each.runs}: ${each.why}`];
  });
  const [counted, expected] = [reloadsOf(journey), reloadsOf(model)];
  const states = journey.scenario.units.filter((unit) => {
    const [is, was] = [journey, model].map(({ stage }) =>
      JSON.stringify(essence(stage.sim.deviceState(unit), mask)),
    );
    return is !== was;
  });
  return [
    ...ends,
    ...(counted === expected ? [] : [`reloads: ${counted}, not ${expected}`]),
    ...states.map((unit) => `${unit} ended in another state`),
    ...strayLines(journey).map((line) => `stray: ${line}`),
    ...blindRepeats(journey).map((line) => `blind repeat: ${line}`),
  ];
}
