import { DiagnosticsError, type Diagnostic } from '../kernel/diagnostic.js';
import type { App } from '../app.js';
import type { Desk } from './desk.js';
import { exitCodeOf, exitCodes } from './exit-code.js';
import type { JunitCase, JunitSuite } from './junit.js';
import type { Column } from './list.js';

const findingColumns: readonly Column<Diagnostic>[] = [
  { key: 'file', value: ({ place }) => place?.file ?? '' },
  { key: 'line', value: ({ place }) => place?.line ?? null, right: true },
  { key: 'column', value: ({ place }) => place?.column ?? null, right: true, wide: true },
  {
    key: 'severity',
    value: ({ severity }) => severity,
    paint: ({ severity }, paint) => (severity === 'error' ? paint.bad : paint.warn),
  },
  { key: 'code', value: ({ code }) => code, wide: true },
  { key: 'message', value: ({ message }) => message, flow: true },
  { key: 'mend', value: ({ mend }) => mend ?? '', flow: true },
];

interface Validation {
  readonly findings: readonly Diagnostic[];
  readonly exitCode: number;
}

/** Every finding of the inventory folder, its notices and retention too; anything but findings is thrown on. */
async function validate(app: App, directory: string): Promise<Validation> {
  try {
    const inventory = await app.inventory(directory);
    await app.notices.rules(inventory);
    await app.retentionAges(inventory);
    return { findings: [], exitCode: exitCodes.done };
  } catch (thrown) {
    if (!(thrown instanceof DiagnosticsError)) throw thrown;
    return { findings: thrown.diagnostics, exitCode: exitCodeOf(thrown) };
  }
}

function fileCase(file: string, findings: readonly Diagnostic[]): JunitCase {
  const name = 'is sound';
  const own = findings.filter((each) => (each.place?.file ?? '') === file);
  const errors = own.filter((each) => each.severity === 'error');
  const [first] = errors;
  if (!first) return { name, about: file, result: { kind: 'passed' } };
  const details = errors
    .map(({ place, code, message, mend }) => {
      const at = place ? `${place.file}:${place.line}:${place.column}: ` : '';
      return `${at}${code}: ${message}${mend === undefined ? '' : `\n  mend: ${mend}`}`;
    })
    .join('\n');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const message = `${first.message}${more}`;
  return { name, about: file || 'the folder', result: { kind: 'failed', message, details } };
}

async function suiteOf(
  app: App,
  directory: string,
  findings: readonly Diagnostic[],
): Promise<JunitSuite> {
  const listed = (await app.world.files.list(directory)) ?? [];
  const prefix = directory.endsWith('/') ? directory : `${directory}/`;
  const files = listed.filter((each) => /\.ya?ml$/.test(each)).map((each) => `${prefix}${each}`);
  const named = findings.map((each) => each.place?.file ?? '');
  const all = [...new Set([...files.filter((each) => !isNamed(each, named)), ...named])];
  return { name: 'inventory', cases: all.map((file) => fileCase(file, findings)) };
}

/** A finding may spell the path of its file another way. */
function isNamed(file: string, named: readonly string[]): boolean {
  const plain = (path: string) => path.replace(/^\.\//, '');
  return named.some((each) => plain(each) === plain(file));
}

/** Lists every finding of the inventory; gives the exit code. */
export async function validateInventory(desk: Desk): Promise<number> {
  const app = await desk.app('read');
  const directory = await desk.inventoryDirectory(app);
  const { findings, exitCode } = await validate(app, directory);
  const { out, settings } = desk;
  if (settings.format === 'junit') {
    out.junit('nightshift inventory validate', [await suiteOf(app, directory, findings)]);
    return exitCode;
  }
  const isTable = settings.format === 'table' || settings.format === 'wide';
  if (findings.length > 0 || !isTable) out.list(findingColumns, findings);
  if (findings.length === 0) out.say(`${directory} is sound`);
  else {
    const codes = [...new Set(findings.map((each) => each.code))];
    out.say(`  more: nightshift explain ${codes.join(' | ')}`);
  }
  return exitCode;
}
