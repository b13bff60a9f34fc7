import type { Sighting } from '../fingerprint/fleet.js';
import type { Inventory, Unit } from '../inventory/inventory.js';
import type { JunitSuite } from './junit.js';

/** One thing that the doctor looked at. */
export interface DoctorFinding {
  /** The unit, or `controller`. */
  readonly about: string;
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to type or write; empty when nothing is to be done. */
  readonly mend: string;
}

export function finding(
  about: string,
  check: string,
  [level, detail, mend = '']: readonly [DoctorFinding['level'], string, string?],
): DoctorFinding {
  return { about, check, level, detail, mend };
}

/** By the code of a failed look: which check failed, and what to do about it. */
const MENDS: Readonly<Record<string, readonly [check: string, mend: (unit: Unit) => string]>> = {
  'auth-refused': [
    'login',
    ({ device }) => `ssh -p ${device.ssh.port} ${device.ssh.username}@${device.host}`,
  ],
  'host-key-unknown': [
    'host key',
    ({ id }) => `nightshift fingerprint --limit ${id} --accept-new --reason "first contact"`,
  ],
  'host-key-changed': ['host key', ({ id }) => `nightshift trust ${id}`],
  'no-common-algorithm': [
    'algorithms',
    ({ id }) => `in devices.yaml, at ${id}: ssh: { algorithms: legacy }`,
  ],
  'secret-unavailable': ['credentials', () => 'set what the reference in the inventory names'],
  unreachable: ['reachable', ({ device }) => `nc -vz ${device.host} ${device.ssh.port}`],
};

function largestImage(inventory: Inventory, platform: string): number {
  const sizes = inventory.images.filter((each) => each.platform === platform);
  return Math.max(0, ...sizes.map((each) => each.sizeBytes));
}

const mega = (bytes: number) => `${Math.floor(bytes / 1_000_000)} MB`;

function flashFindings(
  inventory: Inventory,
  { unit, facts }: Extract<Sighting, { kind: 'seen' }>,
): readonly DoctorFinding[] {
  const wanted = largestImage(inventory, facts.platform);
  return facts.members.flatMap(({ id, flash }) => {
    if (!flash) return [];
    const detail = `member ${id}: ${mega(flash.freeBytes)} free on ${flash.fileSystem}`;
    if (flash.freeBytes >= wanted) return [finding(unit, 'flash', ['ok', detail])];
    const mend = `remove old images from ${flash.fileSystem} of member ${id}`;
    return [finding(unit, 'flash', ['fail', `${detail}, ${mega(wanted)} are wanted`, mend])];
  });
}

function snmpFinding(
  { unit, evidence }: Sighting,
  device: Unit['device'],
): readonly DoctorFinding[] {
  if (!device.snmp) return [];
  const bad = evidence.find((each) => each.how === 'snmp');
  const mend = `check snmp of ${unit} in the inventory, and what the device permits`;
  if (bad) return [finding(unit, 'snmp', ['warn', `port ${device.snmp.port}: ${bad.text}`, mend])];
  const answered = evidence.some((each) => each.how.startsWith('snmp'));
  return answered ? [finding(unit, 'snmp', ['ok', 'it answers'])] : [];
}

/** What one look at a unit says of its health. */
export function unitFindings(
  inventory: Inventory,
  unit: Unit,
  sighting: Sighting,
): readonly DoctorFinding[] {
  const snmp = snmpFinding(sighting, unit.device);
  if (sighting.kind === 'seen') {
    const { model, runningVersion } = sighting.facts;
    const seen = finding(unit.id, 'login', ['ok', `${model}, ${runningVersion}`]);
    return [seen, ...snmp, ...flashFindings(inventory, sighting)];
  }
  const [check, mend] = (Object.hasOwn(MENDS, sighting.code) && MENDS[sighting.code]) || [
    'login',
    () => `nightshift explain ${sighting.code}`,
  ];
  return [finding(unit.id, check, ['fail', sighting.why, mend(unit)]), ...snmp];
}

export function doctorSuite(findings: readonly DoctorFinding[]): JunitSuite {
  return {
    name: 'doctor',
    cases: findings.map(({ about, check, level, detail, mend }) => ({
      name: check,
      about,
      result:
        level === 'fail' ? { kind: 'failed', message: detail, details: mend } : { kind: 'passed' },
    })),
  };
}
