import { Fault } from '../kernel/fault.js';
import { suggest } from '../kernel/suggest.js';
import type { Format } from './list.js';

/** What a command's result is: `list` is a table, `value` one record, `deed` is told of, `text` is written as it is. */
type Shape = 'list' | 'value' | 'deed' | 'text';

/** How the result of a command is printed, whichever command it is. */
export interface ResultForm {
  /** The words of the command, as typed: `images list`. */
  readonly command: string;
  readonly shape: Shape;
  /** `name@version` of its JSON document; its schema is published under that name. */
  readonly kind: string;
  /** Beyond what every command takes. */
  readonly extra: readonly Format[];
}

type Entry = readonly [shape: Shape, kind: string, ...extra: Format[]];

const DEED = 'outcome@1';

/** Every command that can be typed. A version goes up when a reader of the old document would misread the new one. */
const entries: Readonly<Record<string, Entry>> = {
  init: ['deed', DEED],
  'inventory list': ['list', 'units@1'],
  'inventory show': ['value', 'unit@1'],
  'inventory diff': ['list', 'fact-changes@1'],
  'inventory validate': ['list', 'findings@1', 'junit'],
  fingerprint: ['list', 'sightings@1'],
  trust: ['deed', DEED],
  'windows list': ['list', 'windows@1'],
  'images list': ['list', 'images@1'],
  'playbook check': ['value', 'playbook@1'],
  'config diff': ['value', 'config-diff@1'],
  'config patch': ['value', 'config-patch@1'],
  'config backup': ['value', 'config-backup@1'],
  plan: ['value', 'plan@1'],
  'plan show': ['value', 'plan@1'],
  'plan list': ['list', 'plans@1'],
  'plan sign': ['deed', DEED],
  'plan card': ['value', 'recovery-card@1'],
  'plan cards': ['value', 'recovery-cards@1', 'html'],
  evidence: ['list', 'evidence@1'],
  'review show': ['value', 'standing@1'],
  'review approve': ['deed', DEED],
  'review reject': ['deed', DEED],
  'review withdraw': ['deed', DEED],
  'review keygen': ['deed', DEED],
  stage: ['list', 'run-end@1', 'junit'],
  run: ['list', 'run-end@1', 'junit'],
  resume: ['list', 'run-end@1', 'junit'],
  manual: ['value', 'asks@1'],
  'manual show': ['value', 'asks@1'],
  'manual done': ['deed', DEED],
  'manual let': ['deed', DEED],
  'manual refuse': ['deed', DEED],
  'manual stop': ['deed', DEED],
  status: ['list', 'run-units@1'],
  attach: ['deed', DEED],
  pause: ['deed', DEED],
  abort: ['deed', DEED],
  ack: ['deed', DEED],
  notices: ['list', 'notices@1'],
  'notices list': ['list', 'notices@1'],
  'notices test': ['deed', DEED],
  'notices retry': ['deed', DEED],
  'notices watch': ['deed', DEED],
  mute: ['list', 'mutes@1'],
  'service print': ['deed', DEED],
  'service install': ['deed', DEED],
  history: ['list', 'runs@1'],
  report: ['value', 'report@1', 'junit', 'html', 'markdown'],
  'audit verify': ['list', 'audit@1'],
  'state verify': ['list', 'state-checks@1', 'junit'],
  'state backup': ['value', 'state-backup@1'],
  'state restore': ['value', 'state-restored@1'],
  'state migrate': ['value', 'state-migration@1'],
  'state prune': ['list', 'state-pruning@1'],
  'lab run': ['value', 'rehearsal@1', 'csv', 'junit'],
  'lab seeds': ['value', 'lab-seeds@1'],
  'lab shrink': ['value', 'lab-shrink@1'],
  'lab init': ['deed', DEED],
  'lab up': ['value', 'lab-place@1'],
  'lab down': ['deed', DEED],
  'lab faults': ['list', 'lab-faults@1'],
  'lab flows': ['list', 'lab-flows@1'],
  'lab strike': ['deed', DEED],
  'lab clear': ['deed', DEED],
  'lab demo': ['deed', DEED],
  explain: ['list', 'fault-codes@1'],
  schema: ['text', 'schemas@1', 'csv'],
  doctor: ['list', 'doctor-findings@1', 'junit'],
  completion: ['text', DEED],
};

/** The form of a command by its words; what is told of, for one that nobody entered. */
export function resultForm(command: string): ResultForm {
  const [shape, kind, ...extra] = entries[command] ?? ['deed' as const, DEED];
  return { command, shape, kind, extra };
}

/** Is the command's result entered here? */
export function hasResultForm(command: string): boolean {
  return Object.hasOwn(entries, command);
}

/** Everything that -o takes at this command. */
export function formatsOf({ shape, extra }: ResultForm): readonly Format[] {
  const lists: readonly Format[] = shape === 'list' ? ['csv'] : [];
  return [...new Set<Format>(['table', 'wide', 'json', 'ndjson', 'yaml', ...lists, ...extra])];
}

/** Fault `usage` where the command's result cannot be had in that format. */
export function requireFormat(form: ResultForm, format: Format): void {
  const known = formatsOf(form);
  if (known.includes(format)) return;
  const near = suggest(format, known);
  throw new Fault('usage', `-o ${format}: ${form.command} gives no such format`, {
    mend: near ? `did you mean ${near}?` : `one of text, ${known.slice(1).join(', ')}`,
  });
}
