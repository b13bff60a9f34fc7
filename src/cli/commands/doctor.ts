import { InvalidArgumentError, type Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import { parseDurationMs } from '../../kernel/duration.js';
import type { App } from '../../app.js';
import type { Sighting } from '../../fingerprint/fleet.js';
import type { Inventory, Unit } from '../../inventory/inventory.js';
import type { Desk } from '../desk.js';
import { clockFindings } from '../doctor-clock.js';
import { doctorSuite, finding, unitFindings, type DoctorFinding } from '../doctor-finding.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';

const PARALLEL = 20;
const LIMIT_MS = 120_000;
const FREE_BYTES_MIN = 500_000_000;
const OTHERS_MAY = 0o077;

const columns: readonly Column<DoctorFinding>[] = [
  { key: 'about', value: (each) => each.about },
  { key: 'check', value: (each) => each.check },
  {
    key: 'level',
    title: '',
    value: (each) => each.level,
    paint: ({ level }, paint) =>
      level === 'ok' ? paint.good : level === 'warn' ? paint.warn : paint.bad,
  },
  { key: 'detail', value: (each) => each.detail, flow: true },
  { key: 'mend', value: (each) => each.mend, flow: true },
];

/** Every secret that the inventory names, with what the files that hold them permit. */
async function secretFindings(app: App, inventory: Inventory): Promise<readonly DoctorFinding[]> {
  const logins = [...inventory.units.map(({ device }) => device), ...(inventory.jumpHosts ?? [])];
  const named = logins.flatMap(({ ssh }) => [ssh.password, ssh.enable, ssh.keyPassphrase]);
  const references = [...new Set(named.filter((each) => each !== undefined))];
  const found: DoctorFinding[] = [];
  for (const reference of references) {
    try {
      await app.world.secrets.resolve(reference);
      found.push(finding('controller', 'credentials', ['ok', reference]));
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      const mend = reference.startsWith('env:')
        ? `export ${reference.slice(4)}=...`
        : (thrown.mend ?? '');
      found.push(finding('controller', 'credentials', ['fail', thrown.message, mend]));
    }
  }
  const keys = logins.flatMap(({ ssh }) => ssh.key ?? []);
  const files = references.flatMap((each) => (each.startsWith('file:') ? [each.slice(5)] : []));
  for (const path of new Set([...files, ...keys.map((each) => each.replace(/^file:/, ''))])) {
    const info = await app.world.files.stat(path);
    if (!info || (info.mode & OTHERS_MAY) === 0) continue;
    found.push(
      finding('controller', 'credentials', [
        'warn',
        `${path} is open to others`,
        `chmod 600 ${path}`,
      ]),
    );
  }
  return found;
}

async function imageFindings(app: App, { images }: Inventory): Promise<readonly DoctorFinding[]> {
  const found: DoctorFinding[] = [];
  for (const { name, path, sha512 } of images) {
    const hash = await app.world.files.hash(path);
    if (!hash) {
      found.push(
        finding('controller', 'images', [
          'fail',
          `${name}: ${path} is missing`,
          `put the file at ${path}`,
        ]),
      );
    } else if (hash.sha512 !== sha512) {
      found.push(
        finding('controller', 'images', [
          'fail',
          `${name}: ${path} is another file`,
          'nightshift explain image-invalid',
        ]),
      );
    } else found.push(finding('controller', 'images', ['ok', name]));
  }
  return found;
}

function zoneFindings({ sites }: Inventory): readonly DoctorFinding[] {
  const zones = [...new Set(sites.map(({ timeZone }) => timeZone))];
  return zones.map((zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
      return finding('controller', 'time zones', ['ok', zone]);
    } catch {
      const mend = 'install tzdata, or mend sites.yaml';
      return finding('controller', 'time zones', ['fail', `${zone} is not known here`, mend]);
    }
  });
}

async function machineFindings({ parts, settings }: Desk): Promise<readonly DoctorFinding[]> {
  const machine = await parts.machine?.(settings.state);
  if (!machine) return [];
  const { node, nativeCrypto, freeBytes } = machine;
  const isFull = freeBytes < FREE_BYTES_MIN;
  return [
    finding('controller', 'node', ['ok', node]),
    nativeCrypto
      ? finding('controller', 'crypto', ['ok', 'native'])
      : finding('controller', 'crypto', [
          'warn',
          'JavaScript only: copies are slower',
          'npm rebuild ssh2, under this very Node',
        ]),
    finding('controller', 'state', [
      isFull ? 'warn' : 'ok',
      `${settings.state}: ${Math.floor(freeBytes / 1_000_000)} MB free`,
      isFull ? `free at least ${FREE_BYTES_MIN / 1_000_000} MB` : '',
    ]),
  ];
}

async function outOfBand(app: App, unit: Unit): Promise<readonly DoctorFinding[]> {
  const test = await app.testOutOfBand(unit);
  if (!test) return [];
  const at = `${test.address} port ${test.port}`;
  if (test.answered) return [finding(unit.id, 'out of band', ['ok', `${at} answers`])];
  const mend = `nc -vz ${test.address} ${test.port}`;
  return [finding(unit.id, 'out of band', ['warn', `${at}: ${test.detail}`, mend])];
}

/** One look at each unit, one login each; who has not answered in `limitMs` is told as such. */
async function deviceFindings(
  app: App,
  inventory: Inventory,
  about: { readonly units: readonly Unit[]; readonly limitMs: number },
): Promise<readonly DoctorFinding[]> {
  const { units, limitMs } = about;
  const seen = new Map<string, Sighting>();
  const ways = new Map<string, readonly DoctorFinding[]>();
  const look = app.fingerprint({
    units,
    parallel: PARALLEL,
    onSighting: (each) => void seen.set(each.unit, each),
  });
  const dispatcher = app.world.dispatcher(PARALLEL);
  const tests = units.map((unit) =>
    dispatcher.run(async () => void ways.set(unit.id, await outOfBand(app, unit))),
  );
  const { clock } = app.world;
  await new Promise<void>((resolve, reject) => {
    const cancel = clock.monotonicTimer(limitMs, resolve);
    Promise.all([look, ...tests])
      .then(() => resolve(), reject)
      .finally(cancel);
  });
  const found = units.flatMap((unit) => {
    const sighting = seen.get(unit.id);
    const late = finding(unit.id, 'login', [
      'fail',
      `no answer within ${limitMs / 1000} s`,
      `nightshift doctor --limit ${unit.id} --time PT10M`,
    ]);
    const own = sighting ? unitFindings(inventory, unit, sighting) : [late];
    return [...own, ...(ways.get(unit.id) ?? [])];
  });
  const sightings = units.flatMap((unit) => seen.get(unit.id) ?? []);
  return [...found, ...clockFindings(sightings)];
}

async function doctor(desk: Desk, limitMs: number): Promise<number> {
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const units = desk.units(app, inventory);
  desk.out.say(`looking at this machine and ${units.length} units, one login each`);
  const findings = [
    ...(await machineFindings(desk)),
    ...(await secretFindings(app, inventory)),
    ...zoneFindings(inventory),
    ...(await imageFindings(app, inventory)),
    ...(await deviceFindings(app, inventory, { units, limitMs })),
  ];
  if (desk.settings.format === 'junit') {
    desk.out.junit('nightshift doctor', [doctorSuite(findings)]);
  } else desk.out.list(columns, findings);
  const count = (level: string) => findings.filter((each) => each.level === level).length;
  desk.out.say(`${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failed`);
  return count('fail') > 0 ? exitCodes.checkFailed : exitCodes.done;
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new InvalidArgumentError('A duration is PT2M, PT30S or the like.');
  return ms;
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('doctor')
    .description('look at this machine and at each unit, and say what to mend')
    .option('--time <duration>', 'wait so long for the devices (PT2M)', duration)
    .action((options: { time?: number }, command: Command) =>
      invocation.act(command, (desk) => doctor(desk, options.time ?? LIMIT_MS)),
    );
}
