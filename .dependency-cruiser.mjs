// Who may import whom. A folder of src imports only from the ones to its left.
const layers = [
  'kernel',
  'ports',
  'document',
  'config',
  'session',
  'driver',
  'inventory',
  'topology',
  'fingerprint',
  'advisory',
  'image',
  'check',
  'playbook',
  'window',
  'proof',
  'plan',
  'review',
  'run',
  'notice',
  'report',
  'app',
];

const folder = (name) => `^src/${name}(/|\\.ts$)`;
const oneOf = (names) => `^src/(${names.join('|')})(/|\\.ts$)`;
const code = '^(src|drivers|lab)/';

/** From `from`, of our own code only `allowed` may be imported (and the folder itself). */
function only(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: { path: code, pathNot: allowed },
  };
}

/** The npm package or packages `names` may be imported from `allowed` only. */
function confined(names, allowed) {
  return {
    name: `only-there-${names[0].replace(/\W/g, '-')}`,
    comment: `${names.join(', ')}: only where ${allowed} matches`,
    severity: 'error',
    from: { path: code, pathNot: allowed },
    to: { path: `(^|/)node_modules/(@types/)?(${names.join('|')})/` },
  };
}

const layerRules = layers.map((name, index) =>
  only(
    `layer-${name}`,
    folder(name),
    [oneOf(layers.slice(0, index + 1))],
    `src/${name} imports only from: ${layers.slice(0, index).join(', ') || 'nothing of ours'}`,
  ),
);

const worldly = '^src/(adapters|store|main\\.ts)|^lab/';
const systemModules =
  '^(node:)?(fs|fs/promises|net|tls|dgram|dns|dns/promises|http|https|http2|child_process|' +
  'worker_threads|cluster|os|process|timers|timers/promises|tty|readline|readline/promises|' +
  'perf_hooks|v8|vm|inspector|repl)$';

export default {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: { path: code },
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { path: code },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-package',
      comment: 'shipped code imports no development dependency',
      severity: 'error',
      from: { path: code },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    {
      name: 'no-test',
      comment: 'shipped code does not know its tests',
      severity: 'error',
      from: { path: code },
      to: { path: '^test/' },
    },
    ...layerRules,
    only(
      'layer-store',
      '^src/store/',
      ['^src/store/', oneOf(['kernel', 'ports'])],
      'store sees kernel and ports',
    ),
    only(
      'layer-adapters',
      '^src/adapters/',
      ['^src/adapters/', oneOf(['kernel', 'ports'])],
      'adapters see kernel and ports',
    ),
    only('layer-cli', '^src/cli/', ['^src/cli/', oneOf(layers)], 'cli gets the App'),
    only('layer-web', '^src/web/', ['^src/web/', oneOf(layers)], 'web gets the App'),
    only(
      'layer-driver-loaders',
      '^src/driver-loaders\\.ts$',
      ['^drivers/[^/]+/index\\.ts$'],
      'the list of drivers names their entry files',
    ),
    {
      name: 'main-is-the-top',
      comment: 'only main.ts joins the parts: nothing imports it, and nothing else the driver list',
      severity: 'error',
      from: { path: code, pathNot: '^src/main\\.ts$' },
      to: { path: '^src/(main|driver-loaders)\\.ts$' },
    },
    {
      name: 'known-folder',
      comment: 'src has only the folders of the design',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          oneOf([...layers, 'store', 'adapters', 'cli', 'web']),
          '^src/(main|driver-loaders)\\.ts$',
        ],
      },
      to: {},
    },
    only(
      'layer-drivers',
      '^drivers/([^/]+)/',
      ['^drivers/$1/', oneOf(['kernel', 'ports', 'config', 'session', 'driver'])],
      'a driver sees kernel, ports, config, session, driver, and never another driver',
    ),
    {
      name: 'personality-alone',
      comment: 'a personality shares nothing with the driver it is held against',
      severity: 'error',
      from: { path: '^drivers/([^/]+)/personality' },
      to: { path: '^drivers/', pathNot: '^drivers/$1/personality' },
    },
    {
      name: 'no-personality-in-driver',
      comment: 'a driver knows nothing of the personality it is held against',
      severity: 'error',
      from: { path: '^drivers/', pathNot: '^drivers/[^/]+/personality' },
      to: { path: '^drivers/[^/]+/personality' },
    },
    only(
      'layer-lab-world',
      '^lab/world/',
      [
        '^lab/(world|faults)/',
        oneOf(['kernel', 'ports', 'session', 'driver', 'topology']),
        '^drivers/[^/]+/personality\\.ts$',
      ],
      'lab/world sees kernel, ports, session, driver, topology, the faults, and the personalities through its list',
    ),
    only(
      'layer-lab-faults',
      '^lab/faults/',
      ['^lab/faults/', '^lab/world/fault\\.ts$'],
      'a fault is data: it knows only what a fault is',
    ),
    {
      name: 'personalities-by-list',
      comment: 'only lab/world/personality-loaders.ts names the personalities',
      severity: 'error',
      from: { path: '^(src|lab)/', pathNot: '^lab/world/personality-loaders\\.ts$' },
      to: { path: '^drivers/[^/]+/personality' },
    },
    only(
      'layer-lab-rehearse',
      '^lab/rehearse/',
      ['^lab/(rehearse|seeds|world|faults)/', oneOf([...layers, 'store', 'adapters'])],
      'lab/rehearse sees the lab, the stages, app, and the store and adapters that it runs them with',
    ),
    only(
      'layer-lab-invariants',
      '^lab/invariants/',
      ['^lab/(invariants|rehearse|world)/', oneOf(layers.filter((each) => each !== 'app'))],
      'an invariant sees what was approved, the journal and the lab, and nothing of how nights are drawn',
    ),
    only(
      'layer-lab-seeds',
      '^lab/seeds/',
      ['^lab/(seeds|invariants|rehearse|world|faults)/', oneOf([...layers, 'store'])],
      'lab/seeds sees the lab, the invariants, and the stages that it plays nights with',
    ),
    {
      name: 'lab-data-only',
      comment:
        'code of the lab lives in lab/world, rehearse, invariants and seeds; lab/faults has data and its own rule',
      severity: 'error',
      from: { path: '^lab/', pathNot: '^lab/(world|rehearse|invariants|seeds|faults)/' },
      to: {},
    },
    confined(['winston'], '^src/adapters/'),
    confined(['nodemailer'], '^src/adapters/'),
    confined(['ssh2', 'net-snmp'], '^(src/adapters|lab/world)/'),
    confined(['ajv', 'ajv-formats', 'yaml'], '^src/document/'),
    confined(['better-sqlite3', 'kysely'], '^src/store/'),
    confined(['write-file-atomic'], worldly),
    {
      name: 'world-behind-ports',
      comment: 'files, sockets, processes and timers only in adapters, store, main.ts and the lab',
      severity: 'error',
      from: { path: code, pathNot: worldly },
      to: { path: systemModules, dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
