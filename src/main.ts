import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DETACHED_LOG, openLauncher, startDetached } from './adapters/detached-process.js';
import { createTerminal } from './adapters/terminal.js';
import type { ClockScale } from './adapters/scaled-clock.js';
import type { CliParts, OpenApp, OpenOptions } from './cli/parts.js';
import { Fault } from './kernel/fault.js';
import type { Clock } from './ports/clock.js';
import type { ImageServer } from './ports/image-server.js';
import type { Store } from './ports/store.js';
import type { World } from './ports/world.js';

/** The composition root: the real world, the drivers and the command line. Everything heavy is imported when asked. */

const LOG_BYTES_MAX = 20_000_000;
/** The environment that secrets are looked up in, and what a person typed since. */
const secretEnv: Record<string, string | undefined> = { ...process.env };
let typedSecrets = 0;

function packageVersion(): string {
  let folder = fileURLToPath(new URL('.', import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = join(folder, '..');
  const read: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return String(Object(read).version);
}

function isAlive(pid: unknown): boolean {
  if (typeof pid !== 'number') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The clock of the lab that runs under this state directory, or that was named. Undefined: no lab, the machine's clock. */
function labScale(options: Pick<OpenOptions, 'state' | 'labClock'>): ClockScale | undefined {
  const file = options.labClock ?? join(options.state, 'lab', 'lab-state.json');
  if (!existsSync(file)) {
    if (options.labClock === undefined) return undefined;
    throw new Fault('lab-fault', `${file} does not exist: no lab is up there`);
  }
  const state = Object(JSON.parse(readFileSync(file, 'utf8')));
  if (options.labClock === undefined && !isAlive(state.pid)) return undefined;
  const { realStartMs, virtualStartMs, speed } = Object(state.clock);
  return { realStartMs, virtualStartMs, speed };
}

/** A state directory that was made for a lab, or in which one was up, stays the lab's: what was learnt there holds nowhere else. */
function isOfLab({ state, labClock }: Pick<OpenOptions, 'state' | 'labClock'>): boolean {
  return labClock !== undefined || existsSync(join(state, 'lab'));
}

/** Everything that reaches out. In a lab: to loopback only, by way of its detour. */
async function openNetwork(
  options: OpenOptions,
  isUp: boolean,
): Promise<Pick<World, 'dialer' | 'knocker' | 'snmp'>> {
  const [ssh, knocks, snmpClient, detours] = await Promise.all([
    import('./adapters/ssh-dialer.js'),
    import('./adapters/tcp-knocker.js'),
    import('./adapters/snmp-client.js'),
    import('./adapters/lab-detour.js'),
  ]);
  const dialer = ssh.createSshDialer();
  const knocker = knocks.createTcpKnocker();
  const snmp = snmpClient.createSnmpClient();
  if (!isOfLab(options)) return { dialer, knocker, snmp };
  const folder = options.labClock ? dirname(options.labClock) : join(options.state, 'lab');
  const detour = detours.readDetour(join(folder, isUp ? 'landings.json' : 'no-lab-is-up'));
  return {
    dialer: detours.detourDialer(dialer, detour),
    knocker: detours.detourKnocker(knocker, detour),
    snmp: detours.detourSnmp(snmp, detour),
  };
}

async function openImageServer(clock: Clock, inLab: boolean): Promise<ImageServer> {
  const [{ createImageServer }, { loopbackOnly }] = await Promise.all([
    import('./adapters/image-server.js'),
    import('./adapters/lab-detour.js'),
  ]);
  const server = createImageServer(clock);
  if (!inLab) return server;
  return {
    offer: async (request) => {
      loopbackOnly(request.client);
      return server.offer(request);
    },
  };
}

async function openStore(options: OpenOptions, clock: Clock): Promise<Store> {
  if (options.readOnly && !existsSync(join(options.state, 'nightshift.db'))) {
    const { createMemoryStore } = await import('./store/memory-store.js');
    return createMemoryStore(clock);
  }
  const { openSqliteStore } = await import('./store/sqlite-store.js');
  return openSqliteStore({ directory: options.state, clock, readOnly: options.readOnly });
}

async function clockOf(options: Pick<OpenOptions, 'state' | 'labClock'>): Promise<Clock> {
  const scale = labScale(options);
  const { createSystemClock } = await import('./adapters/system-clock.js');
  if (!scale) return createSystemClock();
  const { createScaledClock } = await import('./adapters/scaled-clock.js');
  return createScaledClock(createSystemClock(), scale);
}

async function open(options: OpenOptions): Promise<OpenApp> {
  const scale = labScale(options);
  const [clocks, scaled, random, files, secrets, signer, logs, dispatcher, couriers, network] =
    await Promise.all([
      import('./adapters/system-clock.js'),
      import('./adapters/scaled-clock.js'),
      import('./adapters/system-random.js'),
      import('./adapters/node-files.js'),
      import('./adapters/secrets.js'),
      import('./adapters/signer.js'),
      import('./adapters/winston-log.js'),
      import('./adapters/local-dispatcher.js'),
      import('./adapters/notice-courier.js'),
      openNetwork(options, scale !== undefined),
    ]);
  const [probes, { loopbackOnly }, { createApp }, { driverLoaders }, { createLazyStore }] =
    await Promise.all([
      import('./adapters/command-flow-probe.js'),
      import('./adapters/lab-detour.js'),
      import('./app.js'),
      import('./driver-loaders.js'),
      import('./store/lazy-store.js'),
    ]);
  const machine = clocks.createSystemClock();
  const clock = scale ? scaled.createScaledClock(machine, scale) : machine;
  const vault = secrets.createSecrets({ env: secretEnv });
  const logFile = join(options.state, 'log', 'nightshift.log');
  let log: ReturnType<typeof logs.createWinstonLog> | undefined;
  const store = createLazyStore(() => openStore(options, clock));
  const app = createApp(
    {
      clock,
      random: random.createSystemRandom(),
      ...network,
      imageServer: await openImageServer(clock, isOfLab(options)),
      files: files.createNodeFiles(),
      secrets: vault,
      signer: signer.createSigner(vault),
      store,
      flowProbe: probes.createCommandFlowProbe(process.env),
      courier: couriers.createNoticeCourier({
        secrets: vault,
        env: process.env,
        ...(isOfLab(options) ? { admit: loopbackOnly } : {}),
      }),
      log: {
        write(level, message, fields) {
          log ??= logs.createWinstonLog({
            path: logFile,
            level: 'info',
            maxBytes: LOG_BYTES_MAX,
            redact: (text) => vault.redact(text),
          });
          log.write(level, message, fields);
        },
      },
      dispatcher: dispatcher.createLocalDispatcher,
    },
    driverLoaders,
  );
  return { app, logFile, close: () => store.close() };
}

/** Set by the process that started this one detached; nobody else shall inherit it. */
const detachedLog = process.env[DETACHED_LOG];
delete process.env[DETACHED_LOG];
delete secretEnv[DETACHED_LOG];
const launched = detachedLog ? openLauncher(detachedLog) : undefined;
const argv = process.argv.slice(2);

const parts: CliParts = {
  console: launched?.console ?? createTerminal(),
  launcher: launched?.launcher,
  detach: (request) => startDetached({ ...request, argv, env: process.env }),
  env: process.env,
  version: packageVersion(),
  program: [process.execPath, resolve(process.argv[1] ?? '')],
  home: homedir(),
  user: userInfo().username,
  open,
  machine: async (state) => (await import('./adapters/machine.js')).machineFacts(state),
  async lab(context) {
    const { labCommands } = await import('../lab/rehearse/commands.js');
    return labCommands(context);
  },
  async keeper(options) {
    const { createStateKeeper } = await import('./store/state-keeper.js');
    const directory = options.state;
    const clock = await clockOf(options);
    return createStateKeeper({ directory, clock, program: packageVersion() });
  },
  async renderReport(report, format) {
    if (format === 'html') return (await import('./report/render-html.js')).renderHtml(report);
    if (format === 'md')
      return (await import('./report/render-markdown.js')).renderMarkdown(report);
    return (await import('./report/render-json.js')).renderJson(report);
  },
  async schemas() {
    const { inventorySchemas } = await import('./inventory/schemas/schemas.js');
    const { playbookSchema } = await import('./playbook/schema.js');
    const { noticesSchema } = await import('./notice/schema.js');
    const { retentionSchema } = await import('./run/retention-rules.js');
    const { labSchema } = await import('../lab/rehearse/lab-plan.js');
    return {
      ...inventorySchemas,
      notices: noticesSchema,
      playbook: playbookSchema,
      retention: retentionSchema,
      lab: labSchema,
    };
  },
  keepSecret(secret) {
    typedSecrets += 1;
    const name = `NIGHTSHIFT_TYPED_${typedSecrets}`;
    secretEnv[name] = secret;
    return `env:${name}`;
  },
};

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${parts.version}\n`);
} else {
  const { runCli } = await import('./cli/cli.js');
  process.exitCode = await runCli(argv, parts);
}
