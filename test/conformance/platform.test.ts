import vm from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { driverLoaders } from '../../src/driver-loaders.js';
import { personalityLoaders } from '../../lab/world/personality-loaders.js';
import { each, folders, proposalsOf, stepsOf, type Conformer } from './conformer.js';

type Named = readonly [what: string, expression: RegExp];

function dialectExpressions({ driver }: Conformer): readonly Named[] {
  const { modes, pagers, failures, noise, readOnly } = driver.platform.dialect;
  return [
    ...modes.map(({ name, prompt }): Named => [`prompt of ${name}`, prompt]),
    ...pagers.map(({ match }): Named => ['pager', match]),
    ...failures.map((one): Named => ['failure', one]),
    ...noise.map((one): Named => ['noise', one]),
    ...readOnly.map((one): Named => ['read-only', one]),
  ];
}

function questionExpressions(one: Conformer): readonly Named[] {
  const { moves } = one.driver.platform.dialect;
  const dialogs = [
    ...moves.flatMap((move) => move.dialogs ?? []),
    ...stepsOf(one).flatMap((step) => step.commands.flatMap((line) => line.dialogs)),
  ];
  return [...new Set(dialogs.map(({ ask }) => ask))].map((ask) => [ask, new RegExp(ask)]);
}

/** Texts that make careless expressions try every way of cutting them up. */
function attacks(expression: RegExp, prefixes: readonly string[]): readonly string[] {
  const pieces = ['a', 'A0', '0', ' ', '\t', '.', '-', '_', '/', ':', '(', '%', ' |', ' | a', 'a '];
  const literals = expression.source.match(/[A-Za-z ]{3,}/g) ?? [];
  return [...pieces, ...literals].flatMap((piece) =>
    prefixes.map((prefix) => `${prefix}${piece.repeat(4000 / piece.length)}\u0000!`),
  );
}

const SAFE_MS = 2000;

/** Expressions that do not come to an end in a bearable time. */
function runaways(expressions: readonly Named[], prefixes: readonly string[]): readonly string[] {
  return expressions.flatMap(([what, expression]) => {
    const texts = attacks(expression, prefixes);
    try {
      vm.runInNewContext(
        'for (const text of texts) new RegExp(source, flags).test(text)',
        { texts, source: expression.source, flags: expression.flags },
        { timeout: SAFE_MS },
      );
      return [];
    } catch {
      return [`${what}: ${expression.source}`];
    }
  });
}

/** Is each alternative of the whole expression bound at this end? */
function isAnchored({ source }: RegExp, end: 'start' | 'both'): boolean {
  return source.startsWith('^') && (end === 'start' || source.endsWith('$'));
}

function reachable(one: Conformer, from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  for (const mode of seen) {
    for (const move of one.driver.platform.dialect.moves) {
      if (move.from === mode) seen.add(move.to);
    }
  }
  return seen;
}

/** Ways by which a line that only shows something is made to do something. */
const SMUGGLED = [
  (line: string) => `${line}\nreload`,
  (line: string) => `${line}\rreload`,
  (line: string) => `${line}\u2028reload`,
  (line: string) => `${line};reload`,
  (line: string) => `${line} && reload`,
  (line: string) => `${line} | redirect flash:x`,
  (line: string) => `${line} | append flash:x`,
  (line: string) => `${line} | tee flash:x`,
  (line: string) => `${line} > flash:x`,
  (line: string) => `${line} >> flash:x`,
  (line: string) => `${line} | include a | redirect flash:x`,
  (line: string) => `${line} | bash reload`,
  (line: string) => `reload ${line}`,
  (line: string) => ` ${line}\u0003`,
];

test('every driver folder is known to the program and to the lab', () => {
  expect(Object.keys(driverLoaders).toSorted()).toEqual(folders);
  expect(Object.keys(personalityLoaders).toSorted()).toEqual(folders);
});

describe.each(each)('the platform data of %s', (id, one) => {
  const { platform } = one.driver;
  const { dialect } = platform;

  test('carries the name of its folder', () => {
    expect(platform.id).toBe(id);
    expect(one.personality.platform).toBe(id);
    expect(one.transcripts.map(({ facts }) => facts.platform)).toEqual(
      one.transcripts.map(() => id),
    );
    expect(one.transcripts.length).toBeGreaterThan(0);
  });

  test('has modes of different names, joined by moves, and home within reach of each', () => {
    const names = dialect.modes.map((mode) => mode.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(dialect.home);
    expect(
      dialect.moves.filter(({ from, to }) => !names.includes(from) || !names.includes(to)),
    ).toEqual([]);
    expect(names.filter((mode) => !reachable(one, mode).has(dialect.home))).toEqual([]);
  });

  test('has expressions bound to the whole line where they let something through', () => {
    const loose = dialectExpressions(one).filter(
      ([what, expression]) =>
        !isAnchored(expression, /^(?:prompt|read-only)/.test(what) ? 'both' : 'start'),
    );
    expect(loose.map(([what, { source }]) => `${what}: ${source}`)).toEqual([]);
    const stateful = dialectExpressions(one).filter(([, { flags }]) => /[gy]/.test(flags));
    expect(stateful.map(([what]) => what)).toEqual([]);
    expect(dialect.readOnly.filter(({ flags }) => flags.includes('m'))).toEqual([]);
    expect(questionExpressions(one).filter(([, { source }]) => !source.endsWith('$'))).toEqual([]);
  });

  test('has expressions that end on any text', () => {
    const prefixes = [
      '',
      'show a',
      '%',
      ...one.transcripts.slice(0, 1).map(({ prompt }) => prompt),
    ];
    const all = [...dialectExpressions(one), ...questionExpressions(one)];
    expect(runaways(all, prefixes)).toEqual([]);
  });

  test('lets no line pass as read-only that changes something', () => {
    const changing = [
      ...stepsOf(one).flatMap((step) => step.commands.map((line) => line.send)),
      ...dialect.moves.map((move) => move.send),
      ...Object.keys(one.transcripts[0]?.commands ?? {}).flatMap((line) =>
        SMUGGLED.map((smuggle) => smuggle(line)),
      ),
    ];
    const isReadOnly = (line: string) => dialect.readOnly.some((each) => each.test(line));
    expect(changing.filter(isReadOnly)).toEqual([]);
    expect(changing.length).toBeGreaterThan(SMUGGLED.length);
  });

  test('lets its opening lines and the recorded commands pass as read-only', () => {
    const lines = [
      ...dialect.onOpen,
      ...one.driver.identifyCommands,
      ...one.transcripts.flatMap(({ commands }) => Object.keys(commands)),
    ];
    const isReadOnly = (line: string) => dialect.readOnly.some((each) => each.test(line));
    expect(lines.filter((line) => !isReadOnly(line))).toEqual([]);
  });

  test('declares the capabilities that its upgrades use, and the timer that they arm', () => {
    const { capabilities, commitTimerMs } = platform;
    const phases = (drain: boolean) =>
      new Set(
        proposalsOf(one)
          .filter((each) => each.drain === drain)
          .flatMap(({ steps, rollback }) => [...steps, ...rollback].map((step) => step.phase)),
      );
    expect(capabilities.includes('drain')).toBe(phases(true).has('drain'));
    expect(phases(true).has('undrain')).toBe(phases(true).has('drain'));
    expect([...phases(false)].filter((phase) => /drain/.test(phase))).toEqual([]);
    expect(commitTimerMs !== undefined).toBe(capabilities.includes('commit-confirmed'));
    const armed = stepsOf(one).flatMap((step) =>
      step.commands.flatMap(({ send }) => /timer (\d+)|confirmed (\d+)/.exec(send)?.slice(1) ?? []),
    );
    const minutes = new Set(armed.flatMap((text) => (text === undefined ? [] : [Number(text)])));
    expect([...minutes]).toEqual(commitTimerMs === undefined ? [] : [commitTimerMs / 60_000]);
  });

  test('copies only by the methods that it declares, and has limits above the usual times', () => {
    const methods = stepsOf(one).flatMap((step) => step.transfer?.method ?? []);
    expect(methods.filter((method) => !platform.transfer.includes(method))).toEqual([]);
    const { timing } = platform;
    expect(timing.reloadMaxMs).toBeGreaterThan(timing.reloadExpectedMs);
    expect(timing.uploadExpectedBps).toBeGreaterThan(timing.uploadMinBps);
    expect(timing.commandTotalMs).toBeGreaterThanOrEqual(timing.commandIdleMs);
    expect(platform.rollbackReach).toBeGreaterThan(0);
  });
});
