import { describe, expect, test } from '@jest/globals';
import type { Phase, Step } from '../../src/driver/step.js';
import { answersOf, configStepsOf, each, kindOf, proposalsOf, type Proposal } from './conformer.js';

const PHASES: readonly Phase[] = [
  'prepare',
  'stage',
  'drain',
  'arm',
  'activate',
  'verify',
  'undrain',
  'configure',
  'commit',
];

/** Every step of a proposal with what went before it in its own list and, for a rollback, in the forward list. */
function placed({ steps, rollback }: Proposal): readonly (readonly [Step, readonly Step[]])[] {
  return [
    ...steps.map((step, at) => [step, steps.slice(0, at)] as const),
    ...rollback.map((step, at) => [step, [...steps, ...rollback.slice(0, at)]] as const),
  ];
}

function unfilled([step, earlier]: readonly [Step, readonly Step[]]): readonly string[] {
  const isFetched = ['http', 'tftp'].includes(step.transfer?.method ?? '');
  return step.commands.flatMap(({ send, holes = [] }) => {
    const named = [...send.matchAll(/<([A-Za-z]\w*)>/g)].map((found) => found[1]);
    const declared = holes.map(({ name }) => name);
    const sources = [...earlier.map((one) => one.id), ...(isFetched ? ['offer'] : [])];
    return [
      ...named.filter((name) => !declared.includes(name ?? '')).map((name) => `${name} undeclared`),
      ...declared.filter((name) => !named.includes(name)).map((name) => `${name} unused`),
      ...holes
        .filter(({ from }) => !sources.includes(from.slice(0, from.lastIndexOf('.'))))
        .map(({ from }) => `${from} is of no earlier step`),
      ...holes
        .filter(({ permitted }) => !(permitted.startsWith('^') && permitted.endsWith('$')))
        .map(({ name }) => `${name} is not anchored`),
      ...holes
        .filter(({ permitted }) =>
          ['', 'a b', '1\nreload', '1;reload', '../x', 'x'.repeat(5000)].some((text) =>
            new RegExp(permitted).test(text),
          ),
        )
        .map(({ name }) => `${name} takes anything`),
    ];
  });
}

describe.each(each)('the steps that %s proposes', (_id, one) => {
  const proposals = proposalsOf(one);
  const all = proposals.flatMap((proposal) => placed(proposal));

  test('exist, with and without drain, and what is refused says why and how to mend it', () => {
    expect(proposals.filter(({ drain }) => drain).length).toBeGreaterThan(0);
    expect(proposals.filter(({ drain }) => !drain).length).toBeGreaterThan(0);
    const mute = answersOf(one).filter(
      (answer) => 'kind' in answer && answer.kind === 'refused' && !(answer.why && answer.mend),
    );
    expect(mute).toEqual([]);
  });

  test('are of kinds and versions that the driver has, each once', () => {
    const unknown = all.filter(([step]) => !kindOf(one.driver, step));
    expect(unknown.map(([step]) => `${step.kind}@${step.version}`)).toEqual([]);
    const names = one.driver.stepKinds.map(({ kind, version }) => `${kind}@${version}`);
    expect(new Set(names).size).toBe(names.length);
    const steps = [...all.map(([step]) => step), ...configStepsOf(one)];
    const used = new Set(steps.map((step) => `${step.kind}@${step.version}`));
    expect(names.filter((name) => !used.has(name))).toEqual([]);
  });

  test('change the device only by kinds that say so', () => {
    const stray = all.filter(([step]) => {
      const changes = kindOf(one.driver, step)?.changes ?? true;
      const sends = step.commands.length > 0 || step.transfer !== undefined;
      return changes !== sends || (!changes && step.disrupts !== 'nothing');
    });
    expect(stray.map(([step]) => step.id)).toEqual([]);
  });

  test('are pure JSON, the same again when asked again', () => {
    expect(JSON.parse(JSON.stringify(proposals))).toEqual(proposals);
    expect(proposalsOf(one)).toEqual(proposals);
  });

  test('have their own names, in the order of the phases', () => {
    for (const { steps, rollback } of proposals) {
      const ids = [...steps, ...rollback].map((step) => step.id);
      expect(new Set(ids).size).toBe(ids.length);
      const order = steps.map((step) => PHASES.indexOf(step.phase));
      expect(order).toEqual([...order].toSorted((a, b) => a - b));
      expect(rollback.filter((step) => ['prepare', 'stage', 'drain'].includes(step.phase))).toEqual(
        [],
      );
    }
  });

  test('fill every hole from an earlier step, with values that cannot be another command', () => {
    expect(all.flatMap(unfilled)).toEqual([]);
  });

  test('send one clean line at a time', () => {
    const lines = all.flatMap(([step]) =>
      step.commands.flatMap(({ send, dialogs }) => [send, ...dialogs.map(({ answer }) => answer)]),
    );
    const sends = all.flatMap(([step]) => step.commands.map(({ send }) => send));
    expect(lines.filter((line) => /[\p{Cc}\u2028\u2029]/u.test(line))).toEqual([]);
    expect(sends.filter((line) => line.trim() === '' || line.length > 500)).toEqual([]);
  });

  test('take at most their worst time, and give what reloads time to settle', () => {
    const odd = all.filter(
      ([step]) =>
        !(step.expectedMs > 0 && step.expectedMs <= step.maxMs && step.settleMs < step.maxMs),
    );
    expect(odd.map(([step]) => step.id)).toEqual([]);
    const hasty = all.filter(
      ([step]) => step.disrupts === 'whole device' && step.settleMs < 60_000,
    );
    expect(hasty.map(([step]) => step.id)).toEqual([]);
    const limits = all.flatMap(([step]) =>
      step.commands.filter(
        (line) => (line.limits?.idleMs ?? 0) > (line.limits?.totalMs ?? Infinity),
      ),
    );
    expect(limits).toEqual([]);
  });

  test('keep the config first and prove the version after the device went away', () => {
    for (const { steps, rollback } of proposals) {
      expect(steps[0]?.kind).toBe('backup-config');
      for (const list of [steps, rollback]) {
        const last = list.findLastIndex((step) => step.disrupts === 'whole device');
        expect(last).toBeGreaterThanOrEqual(0);
        expect(list.slice(last + 1).map((step) => step.kind)).toContain('verify-version');
      }
      const hashed = steps.findLastIndex((step) => step.kind === 'verify-image');
      const staged = steps.findIndex((step) => step.transfer !== undefined);
      expect(hashed).toBeGreaterThan(staged);
    }
  });

  test('disrupt the whole device only where the phase says so', () => {
    const stray = all.filter(
      ([step]) =>
        (step.disrupts === 'whole device') !== (step.phase === 'activate') ||
        (step.disrupts === 'whole device' && !step.pointOfNoReturn),
    );
    expect(stray.map(([step]) => step.id)).toEqual([]);
  });

  test('end a session only where they say so', () => {
    const away = all.filter(([step]) => step.commands.some(({ ends }) => ends === 'disconnect'));
    expect(away.filter(([step]) => step.disrupts !== 'whole device')).toEqual([]);
    expect(away.length).toBeGreaterThan(0);
  });
});
