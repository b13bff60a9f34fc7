import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../src/kernel/json.js';
import { renderTemplate } from '../../src/playbook/render.js';
import { parseTemplate } from '../../src/playbook/template.js';

type Values = Readonly<Record<string, Json>>;

function lines(template: string, values: Values = {}): readonly string[] {
  const rendered = renderTemplate(template, values);
  if (rendered.kind === 'refused') throw new Error(rendered.why);
  return rendered.lines;
}

function refusal(template: string, values: Values = {}): string {
  const rendered = renderTemplate(template, values);
  return rendered.kind === 'refused' ? rendered.why : `not refused: ${rendered.lines.join('|')}`;
}

function findings(template: string): readonly string[] {
  const parsed = parseTemplate(template);
  return parsed.ok ? [] : parsed.findings.map((each) => `${each.line}: ${each.why}`);
}

describe('a patch template', () => {
  test('writes the values of a unit into its lines, and leaves out comments and empty lines', () => {
    const template = [
      '{{! who needs this }}',
      '! clock',
      'ntp source {{source}}',
      '{{#each servers as |server|}}',
      'ntp server {{server.host}}{{#if @first}} prefer{{/if}}',
      '{{/each}}',
      'interface {{uplink}}',
      '   description {{text about}}',
      '   load-interval {{seconds}}',
    ].join('\n');
    const values = {
      source: 'Loopback0',
      servers: [{ host: '10.0.0.1' }, { host: '10.0.0.2' }],
      uplink: 'Ethernet1/1',
      about: 'to core-1, ring B',
      seconds: 30,
    };
    expect(lines(template, values)).toEqual([
      'ntp source Loopback0',
      'ntp server 10.0.0.1 prefer',
      'ntp server 10.0.0.2',
      'interface Ethernet1/1',
      '   description to core-1, ring B',
      '   load-interval 30',
    ]);
  });

  test('asks whether a value is given, and compares', () => {
    const template = '{{#if (given key)}}ntp key {{key}}{{else}}no ntp key{{/if}}';
    expect(lines(template, { key: 7 })).toEqual(['ntp key 7']);
    expect(lines(template)).toEqual(['no ntp key']);
    const role =
      '{{#if (eq unit.role "core")}}mtu 9214{{else if (eq unit.role "edge")}}mtu 1500{{/if}}';
    expect(lines(role, { unit: { role: 'edge' } })).toEqual(['mtu 1500']);
  });

  test('keeps quotes and backslashes inside quotes', () => {
    expect(lines('set location {{quoted place}}', { place: 'hall "B" \\ 2; x' })).toEqual([
      'set location "hall \\"B\\" \\\\ 2; x"',
    ]);
  });

  test.each<[string, string, Values, string]>([
    ['a missing value', 'a\nntp server {{ntp.host}}', { ntp: {} }, 'line 2: ntp.host has no value'],
    ['a missing value of a missing one', 'ntp {{a.b.c}}', {}, 'line 1: a.b.c has no value'],
    ['a missing value in a question', 'x {{#if key}}y{{/if}}', {}, 'line 1: key has no value'],
    ['a missing list', '{{#each hosts}}x {{this}}{{/each}}', {}, 'line 1: hosts has no value'],
    ['a list as a value', 'ntp {{hosts}}', { hosts: ['a'] }, 'line 1: hosts is no single value'],
    ['a null', 'ntp {{host}}', { host: null }, 'line 1: host has no value'],
    ['a word as a list', '{{#each host}}x{{/each}}', { host: 'a' }, 'line 1: host is no list'],
    [
      'a value at the start of a line',
      'a\n{{verb}} ntp',
      { verb: 'no' },
      'the first word of a line',
    ],
    [
      'words after the rest of a line',
      'd {{text a}} x',
      { a: 'b c' },
      'must be the last of its line',
    ],
  ])('refuses %s', (_name, template, values, why) => {
    expect(refusal(template, values)).toContain(why);
  });

  const hostile = [
    'a\nreload',
    'a\rreload',
    'a\u2028reload',
    'a\u0085reload',
    'a\u001b[2J',
    'a\u0003',
    'a?',
    'a\u200bb',
    '\uE000a',
    'a; delete system',
    'a } system { x',
    'a | save /x',
  ];

  test.each(hostile)('lets %j into no line, as a word or as text', (value) => {
    expect(refusal('ntp server {{value}}', { value })).toContain('line 1: value is');
    expect(refusal('description {{text value}}', { value })).toContain('line 1: value is');
  });

  test.each(['a b', '', ' a', '"a', "a'", '!x', '#x', 'a\\'])('takes %j for no word', (value) => {
    expect(refusal('ntp server {{value}}', { value })).toContain('which is not one word');
  });

  test('keeps every value, whatever it holds, inside the line it stands in', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile));
    const inserts = fc.constantFrom('{{value}}', '{{text value}}', '{{quoted value}}');
    fc.assert(
      fc.property(value, inserts, (held, insert) => {
        const rendered = renderTemplate(`one\nsnmp location ${insert}\nthree`, { value: held });
        if (rendered.kind === 'refused') return;
        expect(rendered.lines).toHaveLength(3);
        expect(rendered.lines[1]).toMatch(/^snmp location \S/);
        expect(rendered.lines[1]).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\uE000-\uE002]/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('ends although its loops would not', () => {
    const many = Array.from({ length: 300 }, (_each, index) => index);
    const template =
      '{{#each many}}{{#each @root.many}}{{#each @root.many}}{{/each}}{{/each}}{{/each}}';
    expect(refusal(template, { many })).toContain('more than 50000 rounds');
  });

  test.each<[string, string, string]>([
    ['a raw value', 'a\nntp {{{host}}}', '2: a raw value'],
    ['a raw value with &', 'ntp {{&host}}', '1: a raw value'],
    ['a partial', '{{> other}}', '1: partials and decorators'],
    ['an unknown block', '{{#repeat 3}}x{{/repeat}}', '1: {{#repeat}} cannot be used'],
    ['an unknown call', 'ntp {{lookup a b}}', '1: {{lookup ...}} is unknown'],
    ['an unknown question', '{{#if (exec x)}}y{{/if}}', '1: (exec ...) is unknown'],
    ['an open block', 'a\n{{#if x}}\nb', '3: '],
    ['two values at once', 'x {{text a b}}', '1: {{text}} takes one value'],
    ['text without a value', 'x {{text}}', '1: {{text}} needs the name of a value'],
  ])('finds %s before any unit is asked', (_name, template, found) => {
    expect(findings(template)[0]).toContain(found);
  });

  test('reaches nothing but the values it is given', () => {
    expect(refusal('x {{constructor}}', {})).toContain('constructor');
    expect(refusal('x {{a.constructor.name}}', { a: {} })).toContain('no');
    expect(refusal('x {{__proto__.x}}', {})).not.toContain('not refused');
  });
});
