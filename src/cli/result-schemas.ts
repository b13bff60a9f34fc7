import type { JsonObject } from '../kernel/json.js';

/** Short words for what a member holds; `?` after one: it may be null or absent. */
const words = {
  text: { type: 'string' },
  number: { type: 'number' },
  yes: { type: 'boolean' },
  texts: { type: 'array', items: { type: 'string' } },
  list: { type: 'array' },
  record: { type: 'object' },
  any: {},
} satisfies Readonly<Record<string, JsonObject>>;

type Word = keyof typeof words;
type Members = Readonly<Record<string, Word | `${Word}?`>>;

function isWord(text: string): text is Word {
  return Object.hasOwn(words, text);
}

function memberOf(given: string): JsonObject {
  const name = given.replace('?', '');
  const schema: JsonObject = isWord(name) ? words[name] : {};
  return given.endsWith('?') ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function objectOf(members: Members, isClosed: boolean): JsonObject {
  return {
    type: 'object',
    required: Object.keys(members).filter((name) => !members[name]?.endsWith('?')),
    properties: Object.fromEntries(
      Object.entries(members).map(([name, word]) => [name, memberOf(word)]),
    ),
    ...(isClosed ? { additionalProperties: false } : {}),
  };
}

function documentOf(kind: string, title: string, schema: JsonObject): JsonObject {
  const { required, properties } = { required: [], properties: {}, ...schema };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:nightshift:result:${kind}`,
    title,
    ...schema,
    required: ['kind', ...(Array.isArray(required) ? required : [])],
    properties: { kind: { const: kind }, ...Object(properties) },
  };
}

/** Rows that hold exactly these members. */
function rows(kind: string, title: string, members: Members): readonly [string, JsonObject] {
  const schema = {
    type: 'object',
    required: ['items'],
    properties: { items: { type: 'array', items: objectOf(members, true) } },
    additionalProperties: false,
  };
  return [kind, documentOf(kind, title, schema)];
}

/** A record that holds at least these members. */
function record(kind: string, title: string, members: Members): readonly [string, JsonObject] {
  return [kind, documentOf(kind, title, objectOf(members, false))];
}

const what = [
  rows('units@1', 'The units that are declared', {
    unit: 'text',
    host: 'text',
    platform: 'text',
    site: 'text',
    role: 'text',
    groups: 'texts',
    criticality: 'text',
    redundancyGroup: 'text',
    windows: 'texts',
    serials: 'texts',
    port: 'number',
    declared: 'text',
  }),
  record('unit@1', 'A unit: declared, last seen, last failure to see it', {
    unit: 'text',
    device: 'record',
    seen: 'record?',
    failure: 'record?',
  }),
  rows('fact-changes@1', 'What fingerprints found to have changed', {
    unit: 'text',
    what: 'text',
    was: 'text',
    is: 'text',
    seenAt: 'text',
  }),
  rows('findings@1', 'What was found wrong', {
    file: 'text',
    line: 'number?',
    column: 'number?',
    severity: 'text',
    code: 'text',
    message: 'text',
    mend: 'text',
  }),
  rows('sightings@1', 'What fingerprinting each unit led to', {
    unit: 'text',
    seen: 'yes',
    platform: 'text',
    model: 'text',
    version: 'text',
    hostname: 'text',
    serials: 'texts',
    nextBoot: 'text',
    uptimeMs: 'number?',
    hostKey: 'text',
    at: 'text',
    code: 'text',
    why: 'text',
    evidence: 'texts',
  }),
  rows('windows@1', 'Openings of windows, and freezes', {
    kind: 'text',
    name: 'text',
    site: 'text',
    opensAtSite: 'text',
    closesAtSite: 'text',
    opensAt: 'text',
    closesAt: 'text',
    lengthMs: 'number',
    timeZone: 'text',
    open: 'yes',
    notes: 'texts',
  }),
  rows('images@1', 'The firmware images of the catalogue', {
    name: 'text',
    platform: 'text',
    models: 'texts',
    version: 'text',
    golden: 'yes',
    sizeBytes: 'number',
    fileName: 'text',
    path: 'text',
    sha512: 'text',
    md5: 'text',
  }),
];

const change = [
  record('playbook@1', 'A playbook with the units it selects', {
    name: 'text',
    summary: 'text',
    window: 'text',
    limit: 'text',
    strategy: 'record',
    checks: 'record',
    units: 'texts',
  }),
  record('config-diff@1', 'What differs between two configurations', {
    same: 'yes',
    diff: 'list',
    masked: 'any',
  }),
  record('config-patch@1', 'What to type to come from one configuration to the other', {
    same: 'yes',
    patch: 'texts',
  }),
  record('config-backup@1', 'The configuration of a unit before a run changed it', {
    unit: 'text',
    run: 'text',
    atMs: 'number',
    which: 'text',
    digest: 'text',
    text: 'text',
  }),
  record('plan@1', 'A plan, as its digest covers it', { digest: 'text', body: 'record' }),
  record('paste@1', 'What a person types for one unit', { unit: 'text', lines: 'texts' }),
  record('recovery-card@1', 'How one unit is brought back at its console', {
    unit: 'text',
    title: 'text',
    sections: 'list',
  }),
  record('recovery-cards@1', 'The recovery cards of a plan', { cards: 'list' }),
  record('asks@1', 'What a run by hand asks people for now', { run: 'text', asks: 'list' }),
  rows('plans@1', 'The stored plans', {
    plan: 'text',
    playbook: 'text',
    author: 'text',
    createdAt: 'text',
    units: 'number',
    leftOut: 'number',
    digest: 'text',
  }),
  rows('evidence@1', 'How far each platform and model was taken', {
    platform: 'text',
    model: 'text',
    level: 'text',
    units: 'any',
    lastAt: 'text',
  }),
  record('standing@1', 'Who decided what on a plan, and what is missing', {
    digest: 'text',
    mayRun: 'yes',
    obstacles: 'list',
  }),
  record('rehearsal@1', 'What a rehearsal came to', {
    passed: 'yes',
    seed: 'text',
    headline: 'text',
    units: 'list',
    virtualMs: 'number',
    tookMs: 'number',
    atMs: 'number',
  }),
];

const running = [
  rows('run-end@1', 'What came of a run, by unit', {
    unit: 'text',
    standing: 'text',
    why: 'text',
    next: 'text',
  }),
  rows('run-units@1', 'How the units of a run stand', {
    unit: 'text',
    state: 'text',
    step: 'text',
    from: 'text',
    to: 'text',
    waitUntil: 'any?',
    soakUntil: 'any?',
    endedAt: 'any?',
    why: 'text',
    next: 'text',
    code: 'text',
  }),
  record('handover@1', 'What the next shift must know of a run', { headline: 'text' }),
  rows('staged@1', 'The images that were staged', {
    unit: 'text',
    image: 'text',
    path: 'text',
    staged: 'text',
    expires: 'text',
    state: 'text',
  }),
  rows('runs@1', 'The runs', {
    run: 'text',
    started: 'text',
    by: 'text',
    playbook: 'text',
    plan: 'text',
    stands: 'text',
    units: 'text',
    exitCode: 'number',
    verdict: 'text',
  }),
  rows('notices@1', 'Whom a run told what', {
    notice: 'text',
    at: 'text',
    event: 'text',
    criticality: 'text',
    what: 'text',
    sent: 'text',
    acknowledged: 'text',
  }),
  rows('mutes@1', 'What the monitoring keeps quiet about', {
    unit: 'text',
    hook: 'text',
    quietUntil: 'text?',
    why: 'text',
    failed: 'text?',
  }),
  record('report@1', 'The report of a run', {
    run: 'text',
    title: 'text',
    mode: 'text',
    verdict: 'record',
    counts: 'record',
    units: 'list',
    closing: 'list',
    journal: 'record',
  }),
];

const keeping = [
  rows('audit@1', 'Whether the records are as they were written', {
    kind: 'text',
    name: 'text',
    records: 'number',
    verdict: 'text',
    lastHash: 'text',
    why: 'text',
  }),
  rows('state-checks@1', 'Whether the state is as it was written', {
    what: 'text',
    name: 'text',
    records: 'number',
    verdict: 'text',
    why: 'text',
  }),
  record('state-backup@1', 'A backup of the state', {
    file: 'text',
    manifest: 'record',
    digest: 'text',
  }),
  record('state-restored@1', 'A backup that was put in the place of the state', {
    file: 'text',
    manifest: 'record',
    digest: 'text',
    setAside: 'text?',
    keys: 'texts',
  }),
  record('state-migration@1', 'A state that was brought forward', {
    from: 'number',
    to: 'number',
    backup: 'text?',
  }),
  rows('state-pruning@1', 'What is old enough to go, or went', {
    what: 'text',
    name: 'text',
    at: 'text',
    records: 'number',
    sizeBytes: 'number',
  }),
  record('lab-place@1', 'Where the simulated network is', {
    stateFile: 'text',
    inventory: 'text',
    devices: 'number',
    pid: 'number',
  }),
  rows('lab-flows@1', 'What the flows of the simulated network lose now', {
    flow: 'text',
    lossPercent: 'number',
  }),
  rows('lab-faults@1', 'The faults that the lab knows', {
    fault: 'text',
    title: 'text',
    conclusion: 'text',
  }),
  rows('doctor-findings@1', 'What the doctor found', {
    about: 'text',
    check: 'text',
    level: 'text',
    detail: 'text',
    mend: 'text',
  }),
  rows('fault-codes@1', 'The error codes', {
    code: 'text',
    title: 'text',
    exitCode: 'number',
    why: 'text',
    mend: 'text',
  }),
  record('fault-code@1', 'An error code', {
    code: 'text',
    title: 'text',
    exitCode: 'number',
    why: 'text',
    mend: 'text',
  }),
  rows('exit-codes@1', 'The exit codes', {
    exitCode: 'number',
    meaning: 'text',
    faults: 'texts',
  }),
  rows('schemas@1', 'The published JSON Schemas', { name: 'text', of: 'text' }),
  record('outcome@1', 'A command that was told of: `lines` is its result, `said` its talk', {
    command: 'text',
    exitCode: 'number',
    lines: 'texts',
    said: 'texts',
  }),
  record('error@1', 'A command that failed', {
    command: 'text',
    exitCode: 'number',
    code: 'text',
    message: 'text',
    mend: 'text?',
    findings: 'list',
  }),
];

/** The JSON Schema of every document that -o json gives, by its `kind`. */
export const resultSchemas: Readonly<Record<string, JsonObject>> = Object.fromEntries([
  ...what,
  ...change,
  ...running,
  ...keeping,
]);
