import { Fault } from '../../src/kernel/fault.js';
import { runId, type UnitId } from '../../src/kernel/id.js';
import type { World } from '../../src/ports/world.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Step } from '../../src/driver/step.js';
import { Contact } from '../../src/fingerprint/contact.js';
import { LoginBudget } from '../../src/fingerprint/login-budget.js';
import { acceptedHostKeys } from '../../src/fingerprint/pins.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { Plan, UnitPlan } from '../../src/plan/plan.js';
import type { RunWatcher } from '../../src/run/conductor.js';
import { askDesk, askOf, type Ask, type Word } from '../../src/run/manual-word.js';

export interface TypistOptions {
  readonly inventory: Inventory;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly plan: Plan;
  /** Where the run and its devices are now; another one after a crash. */
  readonly world: () => World;
  /** Files: copied by the person, or left to Nightshift. */
  readonly copies: 'self' | 'let';
  readonly run: string;
}

const NAME = 'typist';
const STALL_MS = 60_000;
const TOTAL_MS = 4 * 3_600_000;

interface Desk {
  readonly ask: Ask;
  readonly unitPlan: UnitPlan;
  readonly contact: Contact;
}

async function typeLine(desk: Desk, at: number, send: string): Promise<'taken' | 'gone' | 'no'> {
  const line = desk.ask.step.commands[at];
  const session = await desk.contact.session();
  const outcome = await session.send(send, {
    dialogs: line?.dialogs ?? [],
    ...(line?.limits ? { limits: line.limits } : {}),
  });
  if (outcome.kind === 'output') return 'taken';
  return outcome.kind === 'closed' ? 'gone' : 'no';
}

/** What is only for clearing up after a refusal. */
async function clearUp(desk: Desk, { commands }: Step): Promise<void> {
  for (const [index, line] of commands.entries()) {
    if (line.when === 'refused') await typeLine(desk, index, line.send);
  }
}

/** Exactly the lines that were shown, in their order, with the answers that were shown. */
async function typeAll(desk: Desk): Promise<Word> {
  for (const { index, send } of desk.ask.lines) {
    const came = await typeLine(desk, index, send);
    if (came === 'gone') return 'done';
    if (came === 'taken') continue;
    await clearUp(desk, desk.ask.step);
    return 'refuse';
  }
  return 'done';
}

async function copyFile({ ask, unitPlan, contact }: Desk): Promise<Word> {
  const { transfer } = ask.step;
  const source = unitPlan.images.find((each) => each.name === transfer?.image);
  if (!transfer || !source || transfer.method === 'http' || transfer.method === 'tftp')
    return 'done';
  const connection = await contact.connection();
  const outcome = await connection.upload({
    source,
    remotePath: transfer.remotePath,
    method: transfer.method,
    resumeFromBytes: 0,
    onProgress: () => undefined,
    stallMs: STALL_MS,
    totalMs: TOTAL_MS,
  });
  return outcome.kind === 'sent' ? 'done' : 'refuse';
}

/** A person at a terminal of their own: does what the run asks for, exactly as it is shown, and says so. */
export function makeTypist(options: TypistOptions): RunWatcher {
  const work = async (unitPlan: UnitPlan, ask: Ask): Promise<void> => {
    const world = options.world();
    const say = (word: Word, remark = '') =>
      askDesk(world).speak({ run: runId(options.run) }, ask, { word, by: NAME, remark });
    if (ask.mayLet && options.copies === 'let') return say('let');
    const contact = await contactOf(options, ask.unit);
    const desk = { ask, unitPlan, contact };
    try {
      const word = await typeAll(desk);
      await say(word === 'done' ? await copyFile(desk) : word);
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      await say('refuse', thrown.message);
    } finally {
      contact.close();
    }
  };
  return {
    onEvent(event, state) {
      if (event.kind !== 'step-intent' || !event.asks) return;
      const unitPlan = options.plan.body.units.find((each) => each.unit === event.unit);
      const unit = state.units.get(event.unit);
      const ask = unit && unitPlan && askOf(unit, unitPlan);
      if (ask) void work(unitPlan, ask);
    },
  };
}

async function contactOf(options: TypistOptions, id: UnitId): Promise<Contact> {
  const world = options.world();
  const unit = options.inventory.units.find((each) => each.id === id);
  const driver = unit && options.drivers.get(unit.device.platform ?? '');
  if (!unit || !driver) throw new Fault('lab-fault', `${id} is not in the inventory`);
  return new Contact({
    world,
    device: unit.device,
    platform: driver.platform,
    budget: new LoginBudget(),
    hostKeys: await acceptedHostKeys(world.store, id),
    permit: { current: () => true },
  });
}
