import { describe, expect, test } from '@jest/globals';
import {
  DiagnosticsError,
  formatDiagnostic,
  valueOrThrow,
  type Diagnostic,
} from '../../src/kernel/diagnostic.js';

const found: Diagnostic = {
  code: 'document-invalid',
  severity: 'error',
  place: { file: 'devices.yaml', line: 3, column: 7 },
  message: 'unknown key adress',
  mend: 'did you mean address?',
};

describe('a diagnostic', () => {
  test('begins with the place that an editor can jump to and ends with how to mend it', () => {
    expect(formatDiagnostic(found)).toBe(
      'devices.yaml:3:7: error[document-invalid]: unknown key adress\n    mend: did you mean address?',
    );
  });

  test('without place and mend is one line', () => {
    const bare: Diagnostic = { code: 'usage', severity: 'warning', message: 'no such option' };
    expect(formatDiagnostic(bare)).toBe('warning[usage]: no such option');
  });
});

describe('a checked value', () => {
  test('comes out when it is good, warnings or not', () => {
    const diagnostics = [{ ...found, severity: 'warning' as const }];
    expect(valueOrThrow({ ok: true, value: 7, diagnostics })).toBe(7);
  });

  test('throws all findings together when it is not', () => {
    const second: Diagnostic = { ...found, message: 'site is missing' };
    const take = () => valueOrThrow({ ok: false, diagnostics: [found, second] });
    expect(take).toThrow(DiagnosticsError);
    expect(take).toThrow(/unknown key adress[^]*site is missing/);
  });
});
