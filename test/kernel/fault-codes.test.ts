import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import { faultPages, isFaultCode } from '../../src/kernel/fault-codes.js';

const codes = Object.keys(faultPages);
const root = join(import.meta.dirname, '..', '..');

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

describe('fault codes', () => {
  test('are each written once in the register', () => {
    const register = readFileSync(join(root, 'src/kernel/fault-codes.ts'), 'utf8');
    const written = [...register.matchAll(/^ {2}'?([a-z-]+)'?: \{$/gm)].map(([, code]) => code);
    expect(new Set(written).size).toBe(written.length);
    expect(new Set(written)).toEqual(new Set(codes));
  });

  test.each(Object.entries(faultPages))('%s has a whole page', (code, page) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(page.title).toMatch(/^[A-Z].*[^.]$/);
    expect(page.why).toMatch(/[^]{20,}\.$/);
    expect(page.mend).toMatch(/[^]{10,}[.?]$/);
  });

  test('that events of a run carry are all registered', () => {
    const written = sources('src/run').flatMap((text) =>
      [...text.matchAll(/\bcode: '([a-z-]+)'/g)].map(([, code]) => code ?? ''),
    );
    expect(written.length).toBeGreaterThan(3);
    expect(written.filter((code) => !isFaultCode(code))).toEqual([]);
  });

  test('are told from other words, also from those that every object has', () => {
    expect(isFaultCode('plan-stale')).toBe(true);
    expect(isFaultCode('no-such-code')).toBe(false);
    expect(isFaultCode('toString')).toBe(false);
    expect(isFaultCode('__proto__')).toBe(false);
  });
});

describe('a fault', () => {
  test('may not be tried again unless it says so', () => {
    expect(new Fault('unreachable', 'gone').retry).toBe('never');
    expect(new Fault('unreachable', 'gone', { retry: 'safe' }).retry).toBe('safe');
  });

  test('keeps its cause and its mend', () => {
    const cause = new Error('ENOSPC');
    const fault = new Fault('state-unwritable', 'disk full', { cause, mend: 'make room' });
    expect(fault.cause).toBe(cause);
    expect(fault.mend).toBe('make room');
  });

  test('gives its message like anything else that is thrown', () => {
    expect(messageOf(new Fault('usage', 'what?'))).toBe('what?');
    expect(messageOf('a bare word')).toBe('a bare word');
  });
});
