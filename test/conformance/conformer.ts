import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { Driver, UpgradeImage } from '../../src/driver/driver.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Facts, Snapshot } from '../../src/driver/facts.js';
import type { Personality } from '../../src/driver/personality.js';
import type { Step } from '../../src/driver/step.js';

/** What a device was seen to answer, and what the driver must make of it. */
export interface Transcript {
  readonly file: string;
  readonly name: string;
  readonly prompt: string;
  readonly commands: Readonly<Record<string, string>>;
  readonly facts: Facts;
  readonly snapshot?: Partial<Snapshot>;
}

/** One folder below drivers/, with all that is held against it. */
export interface Conformer {
  readonly id: string;
  readonly driver: Driver;
  readonly personality: Personality;
  readonly transcripts: readonly Transcript[];
}

const root = new URL('../../drivers/', import.meta.url);

export const folders = readdirSync(root, { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .map((each) => each.name)
  .toSorted();

function transcriptsOf(id: string): readonly Transcript[] {
  const folder = new URL(`${id}/transcripts/`, root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      return { ...(JSON.parse(text) as Omit<Transcript, 'file'>), file };
    });
}

async function load(id: string): Promise<Conformer> {
  const { driver } = (await import(`../../drivers/${id}/index.js`)) as { driver: Driver };
  const { personality } = (await import(`../../drivers/${id}/personality.js`)) as {
    personality: Personality;
  };
  return { id, driver, personality, transcripts: transcriptsOf(id) };
}

export const conformers: readonly Conformer[] = await Promise.all(folders.map(load));

/** For describe.each: the folder's name first. */
export const each = conformers.map((one) => [one.id, one] as const);

/** Versions that the transcripts name, oldest first where they have an order. */
export function versionsOf({ driver, transcripts }: Conformer): readonly string[] {
  const { versions } = driver;
  const texts = [...new Set(transcripts.map((one) => one.facts.runningVersion))].toSorted();
  return texts.toSorted((left, right) => {
    const [a, b] = [versions.parse(left), versions.parse(right)];
    return (a && b && versions.compare(a, b)) ?? 0;
  });
}

export const IMAGE_BYTES = 600_000_000;

export function imageFor(one: Conformer, version: string, model: string): UpgradeImage {
  const fileName = one.personality.imageFileName(version, model);
  return {
    name: fileName,
    fileName,
    version,
    path: `/images/${fileName}`,
    sizeBytes: IMAGE_BYTES,
    sha512: 'ab'.repeat(64),
    md5: 'cd'.repeat(16),
  };
}

export interface Proposal {
  readonly from: string;
  readonly drain: boolean;
  readonly steps: readonly Step[];
  readonly rollback: readonly Step[];
}

/** All that the driver answers for the devices of its transcripts and the versions that these name. */
export function answersOf(one: Conformer): readonly (Proposal | UpgradeProposal)[] {
  return one.transcripts.flatMap(({ file, facts }) =>
    versionsOf(one).flatMap((version) =>
      [true, false].map((drain) => {
        const image = imageFor(one, version, facts.model);
        const answer = one.driver.upgrade({ version, image, drain }, facts);
        return answer.kind === 'steps'
          ? { from: `${file} to ${version}`, drain, steps: answer.steps, rollback: answer.rollback }
          : answer;
      }),
    ),
  );
}

export function proposalsOf(one: Conformer): readonly Proposal[] {
  return answersOf(one).filter((answer): answer is Proposal => 'from' in answer);
}

export function stepsOf(one: Conformer): readonly Step[] {
  return proposalsOf(one).flatMap(({ steps, rollback }) => [...steps, ...rollback]);
}

/** Steps of a change of the configuration, for platforms whose configuration can be patched. */
export function configStepsOf({ driver, transcripts }: Conformer): readonly Step[] {
  const change = {
    apply: ['set system location building lab'],
    revert: ['delete system location building'],
    delta: { added: [['system', 'location', 'building', 'lab']], removed: [], ordered: [] },
    revertAfterMs: 600_000,
    guarded: [],
  };
  return transcripts.flatMap(({ facts }) => {
    const answer = driver.config?.propose(change, facts);
    return answer?.kind === 'steps' ? [...answer.steps, ...answer.rollback] : [];
  });
}

export function kindOf(driver: Driver, step: Pick<Step, 'kind' | 'version'>) {
  return driver.stepKinds.find((one) => one.kind === step.kind && one.version === step.version);
}
