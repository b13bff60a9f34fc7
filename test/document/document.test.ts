import { describe, expect, test } from '@jest/globals';
import { loadDocument, readDocument } from '../../src/document/document.js';
import { Fault } from '../../src/kernel/fault.js';
import type { JsonObject } from '../../src/kernel/json.js';
import type { Files } from '../../src/ports/files.js';

const schema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:test:document',
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, description: 'what it is called', examples: ['core1'] },
    platform: { type: 'string', enum: ['alpha_os', 'beta_os'] },
    version: { type: 'string' },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    every: { type: 'string', format: 'iso-duration', examples: ['PT30M'] },
    password: { type: 'string', format: 'secret-ref', writeOnly: true },
    flag: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 3 },
    any: {},
    either: {
      anyOf: [
        { type: 'string', pattern: '^[a-z]+$' },
        {
          type: 'object',
          additionalProperties: false,
          required: ['size'],
          properties: { size: { type: 'integer' } },
        },
      ],
    },
    things: {
      type: 'object',
      propertyNames: { pattern: '^[a-z]+$' },
      additionalProperties: { type: 'integer' },
    },
  },
};

const read = (text: string) =>
  readDocument<Record<string, unknown>>({ text, file: 'f.yaml', schema });

/** `line:column message` of all findings. */
function findings(text: string): readonly string[] {
  return read(text).diagnostics.map(
    (each) => `${each.place?.line ?? 0}:${each.place?.column ?? 0} ${each.message}`,
  );
}

const mends = (text: string) => read(text).diagnostics.map((each) => each.mend);

describe('a good document', () => {
  test('gives its value', () => {
    const found = read('name: a\ntags: [x, y]\ncount: 3\n');
    expect(found.ok && found.value).toEqual({ name: 'a', tags: ['x', 'y'], count: 3 });
  });

  test('may be JSON with tabs', () => {
    const found = read('{\n\t"name": "a",\n\t"flag": true\n}\n');
    expect(found.ok && found.value).toEqual({ name: 'a', flag: true });
  });

  test('reads words such as yes and off as text, as YAML 1.2 does', () => {
    const found = read('name: off\nversion: yes\n');
    expect(found.ok && found.value).toEqual({ name: 'off', version: 'yes' });
  });

  test('reads keys as they stand in the file', () => {
    const found = read('name: a\nany: { 017: x, true: y, 1.0: z }\n');
    expect(found.ok && found.value['any']).toEqual({ '017': 'x', true: 'y', '1.0': 'z' });
  });

  test('tells where each part stands', () => {
    const found = read('name: a\ntags:\n  - x\n  - y\nthings:\n  one: 1\n');
    expect(found.locate(['tags', 1])).toEqual({ file: 'f.yaml', line: 4, column: 5 });
    expect(found.locate(['things', 'one'])).toEqual({ file: 'f.yaml', line: 6, column: 8 });
    expect(found.locateKey(['things', 'one'])).toEqual({ file: 'f.yaml', line: 6, column: 3 });
    expect(found.locateKey(['things', 'gone'])).toEqual({ file: 'f.yaml', line: 5, column: 1 });
  });

  test('resolves aliases', () => {
    const found = read('name: &n a\nversion: *n\n');
    expect(found.ok && found.value).toEqual({ name: 'a', version: 'a' });
  });

  test('that holds only comments may stand for a given value', () => {
    const found = readDocument({
      text: '# nothing yet\n',
      file: 'f.yaml',
      schema: { type: 'object' },
      whenEmpty: {},
    });
    expect(found).toMatchObject({ ok: true, value: {} });
  });
});

describe('a text that cannot be read', () => {
  test.each([
    ['a tab as indentation', 'any:\n\tx: 1\n', '2:1 a tab in the indentation'],
    ['a second key on one line', 'name: a: b\n', '1:7 a second `key:` on one line'],
    ['two documents', 'name: a\n---\nname: b\n', '2:1 more than one document (`---`) in the file'],
    ['an unknown tag', 'name: !vault a\n', '1:7 a tag (`!...`) is not supported here'],
  ])('%s is found at its place', (_what, text, expected) => {
    expect(findings(text)).toContain(expected);
    expect(read(text).diagnostics[0]?.code).toBe('document-unreadable');
  });

  test('is refused when it is too large', () => {
    expect(findings(`name: ${'x'.repeat(4 * 1024 * 1024)}`)).toEqual([
      '1:1 longer than 4194304 characters',
    ]);
  });

  test.each(['[', '{a: ', '- '])('is refused when nested beyond reason with %j', (opening) => {
    const found = read(opening.repeat(20_000));
    expect(found.ok).toBe(false);
  });

  test('is refused with a place when nested more than 64 levels', () => {
    const text = `name: a\nany: ${'['.repeat(70)}${']'.repeat(70)}\n`;
    expect(findings(text)).toEqual(['2:70 nested more than 64 levels deep']);
  });

  test('never has its own words repeated', () => {
    for (const bad of [
      '*hunter2',
      '!hunter2 x',
      '@hunter2',
      '"hunter2',
      '%hunter2',
      '&hunter2 *x',
    ]) {
      const found = read(`name: a\npassword: ${bad}\n`);
      expect(found.ok).toBe(false);
      expect(JSON.stringify(found.diagnostics)).not.toContain('hunter2');
    }
  });
});

describe('keys and aliases', () => {
  test('a key that is there twice is found at the second place', () => {
    expect(findings('name: a\nflag: true\nname: b\n')).toEqual([
      '3:1 the key `name` is there twice',
    ]);
    expect(mends('name: a\nname: b\n')).toEqual(['the first one is in line 1']);
  });

  test('__proto__ is refused and pollutes nothing', () => {
    const text = 'name: a\nany:\n  __proto__: { polluted: true }\n';
    expect(findings(text)).toEqual(['3:3 the key `__proto__` is not allowed']);
    expect('polluted' in {}).toBe(false);
  });

  test('names of Object members are ordinary keys', () => {
    const found = read('name: a\nany: { constructor: 1, toString: 2 }\n');
    expect(found.ok && found.value['any']).toEqual({ constructor: 1, toString: 2 });
    expect(findings('constructor: a\n')).toEqual([
      '1:1 the key `name` is missing',
      '1:1 unknown key `constructor`',
    ]);
  });

  test('a merge key is refused with the reason', () => {
    expect(findings('name: &a x\nany:\n  <<: *a\n')).toEqual(['3:3 the key `<<` is not allowed']);
  });

  test('an alias bomb is stopped', () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const below = i === 0 ? 'x' : `*l${i - 1}`;
      return `  l${i}: &l${i} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
    });
    const found = read(`name: a\nany:\n${levels.join('\n')}\n`);
    expect(found.ok).toBe(false);
    expect(found.diagnostics.map((each) => each.message)).toContain(
      'aliases make more than 50000 values',
    );
  });

  test('an alias to the value it stands in is refused', () => {
    expect(findings('name: a\nany: &x [*x]\n')).toEqual([
      '2:10 an alias that refers to the value it stands in',
    ]);
  });

  test('an alias without its anchor is found', () => {
    expect(findings('name: *a\n')[0]).toBe(
      '1:7 an alias (`*...`) without its anchor (`&...`) before it',
    );
  });

  test('numbers that JSON does not have are refused', () => {
    expect(findings('name: a\nany: .inf\n')).toEqual(['2:6 not a finite number']);
  });
});

describe('a document that does not follow its schema', () => {
  test('has everything found at once, in the order of the text', () => {
    const text = 'plattform: alpha_os\nplatform: alpha_so\ncount: 12\nflag: sure\n';
    expect(findings(text)).toEqual([
      '1:1 the key `name` is missing',
      '1:1 unknown key `plattform`; did you mean `platform`?',
      '2:11 `alpha_so` is not allowed here; did you mean `alpha_os`?',
      '3:8 must be at most 9',
      '4:7 must be true or false, but is text',
    ]);
    expect(mends(text)).toEqual([
      'add `name`: for example `core1`',
      'write `platform`',
      'one of: `alpha_os`, `beta_os`',
      undefined,
      undefined,
    ]);
  });

  test('hears how to write a version that YAML takes for a number', () => {
    expect(findings('name: a\nversion: 4.30\n')).toEqual(['2:10 must be text, but is a number']);
    expect(mends('name: a\nversion: 4.30\n')).toEqual(['put it in quotes: "4.30"']);
  });

  test('hears the right form', () => {
    expect(findings('name: a\nevery: 30m\n')).toEqual(['2:8 `30m` does not have the right form']);
    expect(mends('name: a\nevery: 30m\n')).toEqual(['for example `PT30M`']);
  });

  test('is not told its secrets back', () => {
    for (const bad of ['hunter2', '4711', '[hunter2]', '{hunter: 2}', '"env:no spaces 4711"']) {
      const found = read(`name: a\npassword: ${bad}\n`);
      expect(found.ok).toBe(false);
      expect(JSON.stringify(found.diagnostics)).not.toMatch(/hunter|4711/);
      expect(found.diagnostics[0]?.place).toMatchObject({ line: 2, column: 11 });
    }
  });

  test.each(['env:A_B', 'file:/run/x', 'agent', 'exec:pass show x'])(
    'may name a secret: %s',
    (ref) => {
      expect(read(`name: a\npassword: ${ref}\n`).ok).toBe(true);
    },
  );

  test('has the likelier side of a choice reported', () => {
    expect(findings('name: a\neither: { size: x }\n')).toEqual([
      '2:17 must be a whole number, but is text',
    ]);
    expect(findings('name: a\neither: A1\n')).toEqual(['2:9 `A1` does not have the right form']);
  });

  test('has names and lists checked', () => {
    expect(findings('name: a\nthings:\n  Not ok: 1\n')).toEqual([
      '3:3 `Not ok` cannot be used as a name',
    ]);
    expect(findings('name: a\ntags:\n  - x\n  - y\n  - x\n')).toEqual([
      '5:5 the same entry is there twice (entries 1 and 3)',
    ]);
  });

  test('that is empty says so', () => {
    expect(findings('')).toEqual(['1:1 must be a map of keys, but is empty']);
  });

  test('reports no more than anybody reads', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `k${i}: 1`).join('\n');
    const found = read(lines).diagnostics;
    expect(found).toHaveLength(201);
    expect(found.at(-1)?.message).toBe('and 301 more findings in this file');
  });
});

describe('loadDocument', () => {
  const files = (readText: Files['readText']) => ({ readText }) as Files;

  test('reads a file', async () => {
    const found = await loadDocument(
      files(async () => 'name: a\n'),
      { file: 'x.yaml', schema },
    );
    expect(found).toMatchObject({ ok: true, value: { name: 'a' } });
  });

  test('gives a finding for a missing file', async () => {
    const found = await loadDocument(
      files(async () => undefined),
      { file: 'x.yaml', schema },
    );
    expect(found).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'document-unreadable', place: { file: 'x.yaml', line: 1 } }],
    });
  });

  test('gives a finding for a file that is too large', async () => {
    const found = await loadDocument(
      files(async () => {
        throw new Fault('document-unreadable', 'too large');
      }),
      { file: 'x.yaml', schema },
    );
    expect(found).toMatchObject({ ok: false, diagnostics: [{ message: 'too large' }] });
  });
});
