/** What came of one case. `skipped`: it was not looked at. `error`: whether it holds could not be told. */
export type JunitResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'failed' | 'error'; readonly message: string; readonly details?: string };

export interface JunitCase {
  /** What is claimed, as a sentence. */
  readonly name: string;
  /** What it is claimed of: a unit, a file. Readers group by it. */
  readonly about: string;
  readonly result: JunitResult;
  /** Absent: not measured. */
  readonly tookMs?: number;
  readonly output?: string;
}

export interface JunitSuite {
  readonly name: string;
  readonly atMs?: number;
  readonly cases: readonly JunitCase[];
}

const LONGEST_TEXT = 100_000;

const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** What XML 1.0 cannot hold in any spelling: control characters, halves of a pair, and two that are no characters. */
const UNSPEAKABLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function speakable(text: string): string {
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}\n(cut)` : text;
  return short.replace(UNSPEAKABLE, (each) => {
    const code = each.charCodeAt(0);
    return code > 0xff ? '\ufffd' : `\\x${code.toString(16).padStart(2, '0')}`;
  });
}

function content(text: string): string {
  return speakable(text).replace(/[&<>\r]/g, (each) => named[each] ?? each);
}

/** Line ends as references: in an attribute a reader makes spaces of them. */
function attributes(pairs: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(pairs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const text = speakable(String(value)).replace(/[&<>"\t\n\r]/g, (each) => named[each] ?? each);
      return ` ${name}="${text}"`;
    })
    .join('');
}

function seconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : (Math.max(0, ms) / 1000).toFixed(3);
}

function resultLines(result: JunitResult): readonly string[] {
  if (result.kind === 'passed') return [];
  const { kind, message } = result;
  if (kind === 'skipped') return [`      <skipped${attributes({ message })}/>`];
  const tag = kind === 'failed' ? 'failure' : 'error';
  const body = content(result.details ?? message);
  return [`      <${tag}${attributes({ message, type: kind })}>${body}</${tag}>`];
}

function caseLines(each: JunitCase): readonly string[] {
  const { name, about, result, tookMs, output } = each;
  const head = attributes({ name, classname: about, time: seconds(tookMs) });
  const inner = [
    ...resultLines(result),
    ...(output === undefined ? [] : [`      <system-out>${content(output)}</system-out>`]),
  ];
  if (inner.length === 0) return [`    <testcase${head}/>`];
  return [`    <testcase${head}>`, ...inner, '    </testcase>'];
}

function counts(cases: readonly JunitCase[]) {
  const of = (kind: JunitResult['kind']) =>
    cases.filter((each) => each.result.kind === kind).length;
  return { tests: cases.length, failures: of('failed'), errors: of('error') };
}

function tookOf(cases: readonly JunitCase[]): number {
  return cases.reduce((sum, each) => sum + (each.tookMs ?? 0), 0);
}

function suiteLines({ name, atMs, cases }: JunitSuite): readonly string[] {
  const head = attributes({
    name,
    ...counts(cases),
    skipped: cases.filter((each) => each.result.kind === 'skipped').length,
    time: seconds(tookOf(cases)),
    timestamp: atMs === undefined ? undefined : new Date(atMs).toISOString().slice(0, 19),
  });
  return [`  <testsuite${head}>`, ...cases.flatMap(caseLines), '  </testsuite>'];
}

/**
 * JUnit's XML as Jenkins and GitLab read it. Text may hold anything: what XML cannot say is shown as `\xNN`, and very
 * long text is cut. Redact before, not after: escapes would hide a secret from its search.
 */
export function junitText(name: string, suites: readonly JunitSuite[]): string {
  const all = suites.flatMap((each) => each.cases);
  const head = attributes({ name, ...counts(all), time: seconds(tookOf(all)) });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${head}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}
