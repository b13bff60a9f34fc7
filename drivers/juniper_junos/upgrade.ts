import { commonSteps } from '../../src/driver/common-steps.js';
import type { UpgradeTarget } from '../../src/driver/driver.js';
import type { Facts } from '../../src/driver/facts.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Step } from '../../src/driver/step.js';
import type { CommandLimits } from '../../src/session/dialect.js';
import { platform } from './platform.js';
import { refuse, spareFor } from './refuse.js';
import { commitLine, configLines, line, MINUTE_MS, needed, SECOND_MS, step } from './steps.js';
import { versions } from './versions.js';

const INSTALL_LIMITS: Partial<CommandLimits> = {
  idleMs: 20 * MINUTE_MS,
  totalMs: 40 * MINUTE_MS,
};

/** What is the same for all steps of one upgrade. */
interface Course {
  readonly target: UpgradeTarget;
  readonly facts: Facts;
  readonly version: string;
  readonly path: string;
  readonly engines: number;
  readonly isVmHost: boolean;
  /** Routing protocols that are drained. */
  readonly protocols: readonly ('ospf' | 'isis')[];
}

function courseOf(target: UpgradeTarget, facts: Facts): Course {
  const configured = (['ospf', 'isis'] as const).filter((each) => facts.details[each] === 'normal');
  return {
    target,
    facts,
    version: versions.parse(target.version)?.normal ?? target.version,
    path: `/var/tmp/${target.image.fileName}`,
    engines: facts.members.length,
    isVmHost: facts.details['vmhost'] === true,
    protocols: target.drain ? configured : [],
  };
}

/** The standby engines, then the active one. */
function inOrder(facts: Facts): Facts['members'] {
  return facts.members.toSorted(
    (a, b) => (a.role === 'active' ? 1 : 0) - (b.role === 'active' ? 1 : 0),
  );
}

function copyOther(course: Course, engine: string): Step {
  const { image } = course.target;
  const devicePath = `${engine}:${course.path}`;
  return step(
    {
      id: `copy-${engine}`,
      kind: 'copy-other',
      phase: 'stage',
      title: `copy ${image.fileName} to ${engine}`,
      expectedMs: 30 * SECOND_MS + Math.ceil(image.sizeBytes / 30_000),
      maxMs: 60 * MINUTE_MS,
    },
    {
      params: { image: image.name, devicePath },
      commands: [line(`file copy ${course.path} ${devicePath}`, INSTALL_LIMITS)],
    },
  );
}

function validate(course: Course): Step {
  return step(
    {
      id: 'validate',
      kind: 'validate',
      phase: 'stage',
      title: 'the device checks its configuration against the package',
      expectedMs: 5 * MINUTE_MS,
      maxMs: 60 * MINUTE_MS,
    },
    { commands: [line(`request system software validate ${course.path}`, INSTALL_LIMITS)] },
  );
}

function overload(course: Course, kind: 'drain' | 'undrain', id: string = kind): Step {
  const verb = kind === 'drain' ? 'set' : 'delete';
  const comment = `comment "nightshift ${kind}"`;
  return step(
    {
      id,
      kind,
      phase: kind,
      title: `${kind}: ${verb} overload of ${course.protocols.join(' and ')}`,
      expectedMs: 30 * SECOND_MS,
      maxMs: 15 * MINUTE_MS,
    },
    {
      params: { protocols: course.protocols },
      commands: configLines([
        ...course.protocols.map((each) => line(`${verb} protocols ${each} overload`)),
        commitLine(course.engines, comment),
      ]),
      disrupts: 'control plane',
    },
  );
}

function install(course: Course, engine: string): Step {
  const { path, isVmHost, version } = course;
  const on = course.engines > 1 ? ` ${engine}` : '';
  const send = isVmHost
    ? `request vmhost software add ${path}${on}`
    : `request system software add ${path} no-copy${on}`;
  return step(
    {
      id: `install-${engine}`,
      kind: 'install',
      phase: 'arm',
      title: `install ${version} on ${engine}: it boots it next`,
      expectedMs: 8 * MINUTE_MS,
      maxMs: 60 * MINUTE_MS,
    },
    {
      params: { engine, version },
      commands: [line(send, INSTALL_LIMITS)],
      // Shown as pending only at its end: nothing is to be seen of one that goes on without its session.
      settleMs: 10 * MINUTE_MS,
    },
  );
}

function rebootLine(course: Course): string {
  const both = course.engines > 1;
  if (course.isVmHost) return `request vmhost reboot${both ? ' routing-engine both' : ''}`;
  return `request system reboot${both ? ' both-routing-engines' : ''}`;
}

function reload(course: Course, id: string, version: string): Step {
  return step(
    {
      id,
      kind: 'reload',
      phase: 'activate',
      title:
        course.engines > 1
          ? `reboot both routing engines at once into ${version}`
          : `reboot into ${version}`,
      expectedMs: platform.timing.reloadExpectedMs,
      maxMs: platform.timing.reloadMaxMs,
    },
    {
      params: { version },
      commands: [
        {
          send: rebootLine(course),
          dialogs: [
            {
              ask: String.raw`Reboot the (?:system|vmhost) ?\? \[yes,no\] \(no\) ?$`,
              answer: 'yes',
            },
          ],
          ends: 'disconnect',
          limits: { idleMs: MINUTE_MS, totalMs: 3 * MINUTE_MS },
        },
      ],
      disrupts: 'whole device',
      pointOfNoReturn: true,
      settleMs: 3 * MINUTE_MS,
    },
  );
}

function takeBack(course: Course, member: Facts['members'][number]): Step {
  const command = course.isVmHost
    ? 'request vmhost software rollback'
    : 'request system software rollback';
  const there = line('request routing-engine login other-routing-engine');
  const back = line(command, INSTALL_LIMITS);
  return step(
    {
      id: `rollback-software-${member.id}`,
      kind: 'take-back',
      phase: 'arm',
      title: `${member.id} boots ${course.facts.runningVersion} next`,
      expectedMs: 2 * MINUTE_MS,
      maxMs: 30 * MINUTE_MS,
    },
    {
      params: {
        engine: member.id,
        version: course.version,
        oldVersion: course.facts.runningVersion,
        installStep: `install-${member.id}`,
      },
      commands: course.engines === 1 ? [back] : [needed(there), back, needed(line('exit'))],
      settleMs: 2 * MINUTE_MS,
    },
  );
}

function verifyVersion(course: Course, version: string, id: string): Step {
  return commonSteps.verifyVersion({
    id,
    version,
    serials: course.facts.serials,
    expectedMs: 30 * SECOND_MS,
    maxMs: 20 * MINUTE_MS,
  });
}

function verifyImage(course: Course, id: string, phase: 'stage' | 'arm'): Step {
  const { image } = course.target;
  return commonSteps.verifyImage({
    id,
    phase,
    image,
    devicePath: course.path,
    expectedMs: 20 * SECOND_MS + Math.ceil(image.sizeBytes / 60_000),
  });
}

function forward(course: Course): readonly Step[] {
  const { target, facts, path } = course;
  const { image } = target;
  const { uploadExpectedBps, uploadMinBps } = platform.timing;
  const others = inOrder(facts).filter((each) => each.role !== 'active');
  const drains = course.protocols.length > 0;
  return [
    commonSteps.backupConfig(),
    commonSteps.freeSpace(spareFor(target, facts), { image, devicePath: path }),
    commonSteps.stageImage({
      image,
      devicePath: path,
      remotePath: path,
      method: 'scp',
      uploadExpectedBps,
      uploadMinBps,
    }),
    verifyImage(course, 'verify-staged', 'stage'),
    ...others.map((each) => copyOther(course, each.id)),
    ...(course.isVmHost ? [] : [validate(course)]),
    ...(drains ? [overload(course, 'drain')] : []),
    verifyImage(course, 'verify-armed', 'arm'),
    ...inOrder(facts).map((each) => install(course, each.id)),
    reload(course, 'reload', course.version),
    verifyVersion(course, course.version, 'verify-version'),
    ...(drains ? [overload(course, 'undrain')] : []),
  ];
}

function back(course: Course): readonly Step[] {
  const old = course.facts.runningVersion;
  return [
    ...inOrder(course.facts).map((each) => takeBack(course, each)),
    reload(course, 'rollback-reload', old),
    verifyVersion(course, old, 'rollback-verify-version'),
    ...(course.protocols.length > 0 ? [overload(course, 'undrain', 'rollback-undrain')] : []),
  ];
}

/** Steps of an upgrade by package and reboot, and the way back to the software set that runs now. */
export function proposeUpgrade(target: UpgradeTarget, facts: Facts): UpgradeProposal {
  const refusal = refuse(target, facts);
  if (refusal) return refusal;
  const course = courseOf(target, facts);
  return { kind: 'steps', steps: forward(course), rollback: back(course) };
}
