/** Longest output and longest row that are looked at; more is cut. Keeps hostile text cheap to match. */
const TEXT_MAX = 4_000_000;
const ROW_MAX = 400;

export function rowsOf(text: string): readonly string[] {
  return text
    .slice(0, TEXT_MAX)
    .replaceAll('\r', '')
    .split('\n')
    .map((line) => line.slice(0, ROW_MAX));
}

/** The value of `NAME: value`, of the first such line. */
export function field(rows: readonly string[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const row of rows) {
    const at = row.indexOf(':');
    if (at > 0 && row.slice(0, at).trim().toLowerCase() === wanted) return row.slice(at + 1).trim();
  }
  return undefined;
}

const SERIAL = /^[A-Z][A-Z0-9-]{7,31}$/i;

export interface SystemStatus {
  /** `FortiGate-60F`. */
  readonly model: string;
  /** As printed: `v7.2.8,build1639,240313 (GA.M)`. */
  readonly version: string;
  readonly build: number | undefined;
  readonly serial: string | undefined;
  readonly hostname: string | undefined;
  /** `certified`, `un-certified`; undefined on releases that do not tell. */
  readonly signature: string | undefined;
  /** `disable`, `multiple`, `split-task`, `enable`. */
  readonly vdoms: string;
  /** `standalone`, `a-p`, `a-a`. */
  readonly ha: string;
  readonly haRole: string | undefined;
}

const VERSION_LINE =
  /^\s{0,20}(Forti(?:Gate|WiFi|GateRugged|OS)[\w-]{0,40}) (v\d{1,2}\.\d{1,2}\.\d{1,3}(?:,build(\d{4,5}))?[^\n]{0,60})$/;

function matching(value: string | undefined, expression: RegExp): string | undefined {
  return value !== undefined && expression.test(value) ? value : undefined;
}

/** `standalone`, or `a-p, primary`. */
function modeOf(text = 'standalone'): Pick<SystemStatus, 'ha' | 'haRole'> {
  const [ha = '', haRole] = text.toLowerCase().split(/ *, */);
  return { ha, haRole };
}

/** `get system status`; undefined when it is not a FortiGate's. */
export function parseStatus(text: string): SystemStatus | undefined {
  const rows = rowsOf(text);
  const [, model, version, build] = VERSION_LINE.exec(field(rows, 'Version') ?? '') ?? [];
  if (model === undefined || version === undefined) return undefined;
  const { ha, haRole } = modeOf(field(rows, 'Current HA mode'));
  return {
    model,
    version: version.trim(),
    build: build === undefined ? undefined : Number(build),
    serial: matching(field(rows, 'Serial-Number'), SERIAL),
    hostname: matching(field(rows, 'Hostname'), /^[\w.-]{1,63}$/),
    signature: field(rows, 'Firmware Signature')?.toLowerCase(),
    vdoms: field(rows, 'Virtual domain configuration')?.toLowerCase() ?? 'disable',
    ha,
    haRole,
  };
}

export interface Performance {
  readonly uptimeMs: number | undefined;
  readonly cpuPercent: number | undefined;
  readonly memoryUsedPercent: number | undefined;
}

/** `get system performance status`: what is not there is undefined. Uptime comes in whole minutes. */
export function parsePerformance(text: string): Performance {
  const rows = rowsOf(text);
  const up = /(\d{1,6}) days?, {1,3}(\d{1,3}) hours?, {1,3}(\d{1,3}) minutes?/.exec(
    field(rows, 'Uptime') ?? '',
  );
  const idle = /(\d{1,3})% idle/.exec(field(rows, 'CPU states') ?? '')?.[1];
  const used = /used \(([\d.]{1,6})%\)/.exec(field(rows, 'Memory') ?? '')?.[1];
  return {
    uptimeMs: up ? ((Number(up[1]) * 24 + Number(up[2])) * 60 + Number(up[3])) * 60_000 : undefined,
    cpuPercent: idle === undefined ? undefined : Math.max(0, 100 - Number(idle)),
    memoryUsedPercent: used === undefined ? undefined : Number(used),
  };
}

export interface Partition {
  readonly number: number;
  /** `FGT60F-7.02-FW-build1639-240313`. */
  readonly image: string;
  readonly build: number;
  readonly active: boolean;
}

/** Firmware partitions of `diagnose sys flash list`; those of databases are left out. */
export function parseFlash(text: string): readonly Partition[] {
  const row =
    /^ {0,3}(\d{1,2}) {1,12}([A-Z][\w.-]{2,40}-FW-build(\d{4,5})[\w.-]{0,20}) {1,40}(\d{1,12}) {1,12}(\d{1,12}) {1,12}(\d{1,3})% {1,6}(Yes|No)\b/i;
  return rowsOf(text).flatMap((line) => {
    const match = row.exec(line);
    if (match?.[2] === undefined) return [];
    const active = match[7]?.toLowerCase() === 'yes';
    return [{ number: Number(match[1]), image: match[2], build: Number(match[3]), active }];
  });
}

export interface ClusterMember {
  readonly serial: string;
  readonly name: string;
  readonly role: 'active' | 'standby';
  readonly inSync: boolean;
}

export interface Cluster {
  readonly mode: string;
  readonly group: string;
  readonly healthy: boolean;
  readonly problems: readonly string[];
  readonly override: boolean;
  /** Sorted by serial. */
  readonly members: readonly ClusterMember[];
}

const MEMBER_ROW =
  /^ {0,3}(?:(?:Primary|Secondary|Master|Slave) {0,6}: {0,3})?(\S{1,63}) {0,40}, {0,3}([A-Z][A-Z0-9]{7,31}), {0,3}(?:HA )?cluster index = \d{1,3}/;
const ROLE_ROW =
  /^ {0,3}(Primary|Secondary|Master|Slave) {0,6}: {0,3}([A-Z][A-Z0-9]{7,31}), {0,3}(?:HA )?operating (?:cluster )?index = \d{1,3}/;
const SYNC_ROW =
  /^ {0,12}([A-Z][A-Z0-9]{7,31})\(updated \d{1,9} seconds? ago\): (in-sync|out-of-sync|[a-z-]{2,30})/;

function healthOf(rows: readonly string[]): readonly string[] {
  const at = rows.findIndex((row) => /^ {0,3}HA Health Status: {0,3}/.test(row));
  const first = /^ {0,3}HA Health Status: {0,3}(\S.{0,200})?$/.exec(rows[at] ?? '')?.[1];
  if (first !== undefined) return /^OK\b/i.test(first) ? [] : [first.trim()];
  return rows
    .slice(at + 1)
    .slice(0, 20)
    .filter((row) => /^ {1,8}\S/.test(row))
    .filter((row) => /^ {1,8}(?:WARNING|ERROR)/i.test(row))
    .map((row) => row.trim().replace(/;$/, ''));
}

/** Names by serial, from the list of members. */
function namesOf(rows: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap((row): readonly (readonly [string, string])[] => {
      const [, name, serial] = MEMBER_ROW.exec(row) ?? [];
      return name === undefined || serial === undefined ? [] : [[serial, name]];
    }),
  );
}

/** Roles by serial, of the first virtual cluster. */
function rolesOf(rows: readonly string[]): ReadonlyMap<string, ClusterMember['role']> {
  const roles = new Map<string, ClusterMember['role']>();
  for (const row of rows) {
    const [, role, serial] = ROLE_ROW.exec(row) ?? [];
    if (serial === undefined || roles.has(serial)) continue;
    roles.set(serial, role === 'Primary' || role === 'Master' ? 'active' : 'standby');
  }
  return roles;
}

function syncedOf(rows: readonly string[]): ReadonlySet<string> {
  return new Set(
    rows.flatMap((row) => {
      const [, serial, word] = SYNC_ROW.exec(row) ?? [];
      return serial !== undefined && word === 'in-sync' ? [serial] : [];
    }),
  );
}

function clusterMembers(rows: readonly string[]): Cluster['members'] {
  const names = namesOf(rows);
  const roles = rolesOf(rows);
  const synced = syncedOf(rows);
  return [...new Set([...names.keys(), ...roles.keys()])].toSorted().map((serial) => ({
    serial,
    name: names.get(serial) ?? '',
    role: roles.get(serial) ?? 'standby',
    inSync: synced.has(serial),
  }));
}

/** `get system ha status`; undefined without a cluster. */
export function parseCluster(text: string): Cluster | undefined {
  const rows = rowsOf(text);
  const mode = field(rows, 'Mode') ?? '';
  if (!mode.startsWith('HA ')) return undefined;
  const problems = healthOf(rows);
  return {
    mode: mode.slice(3).toLowerCase(),
    group: field(rows, 'Group Name') ?? field(rows, 'Group') ?? '',
    healthy: problems.length === 0,
    problems,
    override: field(rows, 'override')?.startsWith('enable') ?? false,
    members: clusterMembers(rows),
  };
}

/** How a cluster upgrades its members, from `get system ha`; undefined where it does not tell. */
export function parseUpgradeMode(text: string): string | undefined {
  const rows = rowsOf(text);
  const mode = field(rows, 'upgrade-mode');
  if (mode !== undefined) return mode;
  const older = field(rows, 'uninterruptible-upgrade');
  if (older === undefined) return undefined;
  return older === 'enable' ? 'uninterruptible' : 'simultaneous';
}

/** Are the checksums of all members of `diagnose sys ha checksum cluster` the same? Undefined when none is shown. */
export function parseChecksums(text: string): boolean | undefined {
  const sums: string[] = [];
  let counts = false;
  for (const row of rowsOf(text)) {
    if (/^(?:debugzone|checksum)\s*$/.test(row)) counts = row.startsWith('checksum');
    const all = /^all: ((?:[0-9a-f]{2} ?){8,32})\s*$/.exec(row)?.[1];
    if (counts && all !== undefined) sums.push(all.trim());
  }
  return sums.length === 0 ? undefined : new Set(sums).size === 1;
}

/** Lines of `diagnose debug config-error-log read`: what of the configuration the new release did not take. */
export function parseConfigErrors(text: string): readonly string[] {
  return rowsOf(text)
    .map((row) => row.trim())
    .filter((row) => row !== '');
}
