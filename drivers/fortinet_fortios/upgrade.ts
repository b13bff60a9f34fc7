import { commonSteps } from '../../src/driver/common-steps.js';
import type { UpgradeImage, UpgradeTarget } from '../../src/driver/driver.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Facts } from '../../src/driver/facts.js';
import type { Line, Phase, Step } from '../../src/driver/step.js';
import { line, MINUTE_MS, rebootLine, SECOND_MS, stageLine, step, upgradeLine } from './lines.js';
import { platform } from './platform.js';
import { refuse } from './refuse.js';
import { slotOf } from './step-context.js';
import { imageOfFileName, versions } from './versions.js';

const { reloadExpectedMs, reloadMaxMs, uploadExpectedBps, uploadMinBps } = platform.timing;
/** A cluster upgrades its second member, waits for it to be in sync, then the first. */
const CLUSTER_EXPECTED_MS = 2 * reloadExpectedMs + 5 * MINUTE_MS;
const CLUSTER_MAX_MS = 2 * reloadMaxMs + 15 * MINUTE_MS;
/** After the image was fetched, the primary checks it and sends it on before any member goes down. */
const CLUSTER_SETTLE_MS = 10 * MINUTE_MS;

const copyMs = (image: UpgradeImage, bps: number) => Math.ceil((image.sizeBytes / bps) * SECOND_MS);

/** Where a release stands: its version and the build by which it is known on flash. */
interface Release {
  readonly version: string;
  readonly build: number;
}

function detail(facts: Facts, key: string): number {
  const value = facts.details[key];
  return typeof value === 'number' ? value : 0;
}

function stageImage(image: UpgradeImage, build: number, partition: number): Step {
  const longestMs = copyMs(image, uploadMinBps);
  return step(
    {
      id: 'stage-image',
      kind: 'stage-image',
      phase: 'stage',
      title: `have ${image.fileName} fetched into partition ${partition}, which is not booted`,
      expectedMs: 2 * MINUTE_MS + copyMs(image, uploadExpectedBps),
      maxMs: 30 * MINUTE_MS + 2 * longestMs,
    },
    {
      params: { image: image.name, build, partition },
      transfer: { image: image.name, remotePath: image.fileName, method: 'tftp' },
      commands: [stageLine(longestMs)],
      settleMs: 2 * MINUTE_MS,
    },
  );
}

interface Checked {
  readonly id: string;
  readonly phase: Phase;
  readonly where: 'backup' | 'running';
  readonly build: number;
  readonly partition?: number;
}

function verifyImage({ id, phase, where, build, partition }: Checked): Step {
  return step(
    {
      id,
      kind: 'verify-image',
      phase,
      title: `the ${where} partition holds build ${build}, by the device's own signature check`,
      expectedMs: 10 * SECOND_MS,
      maxMs: 10 * MINUTE_MS,
    },
    { params: { where, build, ...(partition === undefined ? {} : { partition }) } },
  );
}

function setBoot(id: string, title: string, command: Line, params: Step['params']): Step {
  return step(
    {
      id,
      kind: 'set-boot',
      phase: 'arm',
      title,
      expectedMs: 10 * SECOND_MS,
      maxMs: 5 * MINUTE_MS,
    },
    { params, commands: [command], settleMs: 10 * SECOND_MS },
  );
}

function setBootTo(id: string, partition: number, what: string): Step {
  const slot = slotOf(partition);
  const title = `next boot: partition ${partition}, ${what}`;
  return setBoot(id, title, line(`execute set-next-reboot ${slot}`), { slot });
}

function reload(id: string, title: string, params: Step['params']): Step {
  return step(
    {
      id,
      kind: 'reload',
      phase: 'activate',
      title,
      expectedMs: reloadExpectedMs,
      maxMs: reloadMaxMs,
    },
    {
      params,
      commands: [rebootLine],
      disrupts: 'whole device',
      pointOfNoReturn: true,
      settleMs: 3 * MINUTE_MS,
    },
  );
}

function verify(prefix: string, { version, build }: Release, facts: Facts): readonly Step[] {
  const { serials } = facts;
  const isCluster = facts.members.length > 1;
  return [
    commonSteps.verifyVersion({
      id: `${prefix}verify-version`,
      version,
      serials,
      expectedMs: 10 * SECOND_MS,
      maxMs: (isCluster ? 30 : 10) * MINUTE_MS,
    }),
    step(
      {
        id: `${prefix}verify-upgrade`,
        kind: 'verify-upgrade',
        phase: 'verify',
        title: isCluster
          ? `build ${build} runs, the members are in sync, and the configuration was taken`
          : `build ${build} runs, and the configuration was taken`,
        expectedMs: 15 * SECOND_MS,
        maxMs: (isCluster ? 30 : 10) * MINUTE_MS,
      },
      { params: { build, serials } },
    ),
  ];
}

function single(image: UpgradeImage, to: Release, from: Release, facts: Facts): UpgradeProposal {
  const backup = detail(facts, 'backupPartition');
  const running = detail(facts, 'runningPartition');
  const { build } = to;
  return {
    kind: 'steps',
    steps: [
      commonSteps.backupConfig(),
      stageImage(image, build, backup),
      verifyImage({
        id: 'verify-staged',
        phase: 'stage',
        where: 'backup',
        build,
        partition: backup,
      }),
      verifyImage({ id: 'verify-armed', phase: 'arm', where: 'backup', build, partition: backup }),
      setBootTo('set-boot', backup, to.version),
      reload('reload', `reboot into ${to.version}`, {
        version: to.version,
        serials: facts.serials,
      }),
      ...verify('', to, facts),
      verifyImage({ id: 'verify-running', phase: 'verify', where: 'running', build }),
    ],
    rollback: [
      setBootTo('rollback-set-boot', running, `${from.version} with the configuration that it had`),
      reload('rollback-reload', `reboot into ${from.version}`, {
        version: from.version,
        serials: facts.serials,
      }),
      ...verify('rollback-', from, facts),
    ],
  };
}

function clusterReady(): Step {
  return step({
    id: 'cluster-ready',
    kind: 'cluster-ready',
    phase: 'arm',
    title: 'both members are there, healthy and in sync',
    expectedMs: 10 * SECOND_MS,
    maxMs: 5 * MINUTE_MS,
  });
}

function upgradeCluster(image: UpgradeImage, { version }: Release, facts: Facts): Step {
  const longestMs = copyMs(image, uploadMinBps);
  return step(
    {
      id: 'upgrade-cluster',
      kind: 'upgrade-cluster',
      phase: 'activate',
      title: `have ${image.fileName} fetched and installed through the primary (a cluster cannot stage): each member reboots into ${version} in turn`,
      expectedMs: copyMs(image, uploadExpectedBps) + CLUSTER_EXPECTED_MS,
      maxMs: longestMs + CLUSTER_MAX_MS,
    },
    {
      params: { image: image.name, version, serials: facts.serials },
      transfer: { image: image.name, remotePath: image.fileName, method: 'tftp' },
      commands: [upgradeLine(longestMs, CLUSTER_MAX_MS)],
      disrupts: 'whole device',
      pointOfNoReturn: true,
      settleMs: longestMs + CLUSTER_SETTLE_MS,
    },
  );
}

function rebootTitle(part: 'first' | 'last', version: string): string {
  return part === 'first'
    ? `the member that answers: reboot into ${version}; the other one takes over`
    : `the other member: reboot into ${version} while the first one boots (both are down for some minutes)`;
}

/**
 * One member back: its old partition is looked for, made the next boot, and it is rebooted. The last one goes down while
 * the first one boots, so that they do not meet with different releases: an outage of some minutes.
 */
function memberBack(part: 'first' | 'last', from: Release, facts: Facts): readonly Step[] {
  const { version, build } = from;
  const found = `rollback-find-${part}`;
  const { serials } = facts;
  const slot = {
    name: 'slot',
    from: `${found}.slot`,
    permitted: '^(?:primary|secondary)$',
  };
  const whose = part === 'first' ? 'the member that answers' : 'the member that answers then';
  return [
    step(
      {
        id: found,
        kind: 'find-partition',
        phase: 'arm',
        title: `${whose}: the partition that holds ${version}`,
        expectedMs: 10 * SECOND_MS,
        maxMs: 5 * MINUTE_MS,
      },
      { params: { version, build } },
    ),
    setBoot(
      `rollback-set-boot-${part}`,
      `${whose}: next boot is ${version} with the configuration that it had`,
      { ...line('execute set-next-reboot <slot>'), holes: [slot] },
      { found, unlessRunning: version },
    ),
    reload(`rollback-reload-${part}`, rebootTitle(part, version), {
      version,
      part,
      found,
      serials,
    }),
  ];
}

function cluster(image: UpgradeImage, to: Release, from: Release, facts: Facts): UpgradeProposal {
  return {
    kind: 'steps',
    steps: [
      commonSteps.backupConfig(),
      clusterReady(),
      upgradeCluster(image, to, facts),
      ...verify('', to, facts),
      verifyImage({
        id: 'verify-running',
        phase: 'verify',
        where: 'running',
        build: to.build,
      }),
    ],
    rollback: [
      ...memberBack('first', from, facts),
      ...memberBack('last', from, facts),
      ...verify('rollback-', from, facts),
    ],
  };
}

/**
 * A single unit: the image into the partition that is not booted, then a reboot into it; back into the other partition.
 * A cluster: the image through the primary, which upgrades both members; back member by member, each into its old
 * partition. There is nothing to drain.
 */
export function proposeUpgrade(target: UpgradeTarget, facts: Facts): UpgradeProposal {
  const refusal = refuse(target, facts);
  if (refusal) return refusal;
  const { image } = target;
  const to: Release = {
    version: versions.parse(target.version)?.normal ?? target.version,
    build: imageOfFileName(image.fileName)?.build ?? 0,
  };
  const from: Release = { version: facts.runningVersion, build: detail(facts, 'build') };
  return facts.members.length > 1
    ? cluster(image, to, from, facts)
    : single(image, to, from, facts);
}
