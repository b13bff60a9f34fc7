import { Fault } from '../kernel/fault.js';

export interface ServicePlace {
  /** The words that start the program: absolute paths. */
  readonly program: readonly string[];
  readonly inventory: string;
  readonly state: string;
  readonly scope: 'user' | 'system';
  /** The login that a system unit works as; undefined: root. */
  readonly runAs: string | undefined;
}

export interface UnitFile {
  readonly name: string;
  readonly text: string;
}

/** Exit codes after which a start anew would change nothing: what came of the run, and refusals. */
const FINAL = '3 4 5 6 7 8 64 130';

/** What fails ten times in ten minutes is left to a person. */
const LIMITS = ['StartLimitIntervalSec=10min', 'StartLimitBurst=10'];

/** Percent and dollar mean something to systemd, blanks and quotes part words. */
function checked(path: string): string {
  if (/^\/[^\s"'\\%$;`\p{Cc}]*$/u.test(path)) return path;
  throw new Fault('service-unusable', `${path}: this path cannot stand in a unit file`);
}

function environmentFile(place: ServicePlace): string {
  return place.scope === 'user'
    ? '-%h/.config/nightshift/environment'
    : '-/etc/nightshift/environment';
}

function checkedLogin(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/.test(name)) return name;
  throw new Fault('service-unusable', `${name}: this is no login name`);
}

function surroundings(place: ServicePlace): readonly string[] {
  const common = [
    '# What secrets are, as NAME=value lines; mode 0600.',
    `EnvironmentFile=${environmentFile(place)}`,
    'UMask=0077',
    'NoNewPrivileges=yes',
  ];
  if (place.scope === 'user') return common;
  return [
    ...(place.runAs === undefined ? [] : [`User=${checkedLogin(place.runAs)}`]),
    ...common,
    'ProtectSystem=strict',
    'ProtectHome=read-only',
    `ReadWritePaths=${checked(place.state)}`,
    'PrivateTmp=yes',
    'ProtectKernelTunables=yes',
    'ProtectControlGroups=yes',
    'RestrictSUIDSGID=yes',
  ];
}

function startLine(place: ServicePlace, words: readonly string[]): string {
  const { program, inventory, state } = place;
  const start = program.map(checked).join(' ');
  return `ExecStart=${start} -i ${checked(inventory)} --state ${checked(state)} ${words.join(' ')}`;
}

function unitOf(
  place: ServicePlace,
  about: { readonly title: string; readonly service: readonly string[] },
): string {
  const target = place.scope === 'user' ? 'default.target' : 'multi-user.target';
  const network =
    place.scope === 'user' ? [] : ['Wants=network-online.target', 'After=network-online.target'];
  const sections = [
    ['[Unit]', `Description=${about.title}`, ...network, ...LIMITS],
    ['[Service]', ...about.service, ...surroundings(place)],
    ['[Install]', `WantedBy=${target}`],
  ];
  return `${sections.map((each) => each.join('\n')).join('\n\n')}\n`;
}

/**
 * `nightshift@PLAN.service` runs one approved plan. Started again, by systemd or after a power cut, it goes on with the
 * run where its journal ends and never begins a second one. `nightshift-notices.service` sends and escalates, and tells
 * when a runner is silent. Fault `service-unusable`.
 */
export function unitFiles(place: ServicePlace): readonly UnitFile[] {
  const run = [
    'Type=exec',
    startLine(place, ['run', '--continue', '--foreground', '%i']),
    '# Killed or crashed: it goes on. What came of the run, and a refusal, are final.',
    'Restart=on-failure',
    'RestartSec=10',
    `RestartPreventExitStatus=${FINAL}`,
    'SuccessExitStatus=130',
    '# A stop lets units under way come to a safe point: that takes as long as a change does.',
    'KillMode=mixed',
    'KillSignal=SIGTERM',
    'TimeoutStopSec=3h',
  ];
  const notices = [
    'Type=exec',
    startLine(place, ['notices', 'watch']),
    'Restart=on-failure',
    'RestartSec=10',
    'RestartPreventExitStatus=64',
    'TimeoutStopSec=90',
  ];
  return [
    {
      name: 'nightshift@.service',
      text: unitOf(place, { title: 'Nightshift: run of plan %i', service: run }),
    },
    {
      name: 'nightshift-notices.service',
      text: unitOf(place, { title: 'Nightshift: notices and escalation', service: notices }),
    },
  ];
}
