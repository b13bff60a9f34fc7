import { describe, expect, test } from '@jest/globals';
import { unitId } from '../../src/kernel/id.js';
import { chartsOf } from '../../src/report/timeline.js';
import { bothMoments } from '../../src/report/moment.js';
import { renderHtml } from '../../src/report/render-html.js';
import { renderMarkdown } from '../../src/report/render-markdown.js';
import { decisionOf, HOUR, OPENS, RunStory, planOf, storyOf, unitPlanOf } from './run-story.js';

const ATTACK = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>';

function everything() {
  const story = storyOf(['sw1', 'sw2', 'sw3'], {
    leftOut: [{ unit: unitId('sw9'), kind: 'refused', why: 'it does not fit its window' }],
  });
  story.start().upgrade('sw1').revert('sw2').said('sw1', 'show version', '4.32.2F');
  story.tell({ kind: 'run-stopped', why: '1 of at most 1 failures', code: 'check-failed' });
  const decisions = [decisionOf(story.plan, 'bea', 'approve')];
  return story.report({
    decisions,
    rehearsal: { atMs: OPENS, value: { passed: true, seed: 's1' } },
  });
}

function hostile() {
  const story = new RunStory(planOf([unitPlanOf('sw1')]));
  story.start().admit('sw1').check('sw1', 'before', ATTACK);
  story.said(
    'sw1',
    'show log',
    `${ATTACK}\u001b[2J\u001b]0;owned\u0007\u202eevil\u0000 ${'A'.repeat(9000)}`,
  );
  story.said('sw1', 'show fence', '```\n</details>\n# not a heading\n{{title}}');
  story.end('sw1', 'held', { why: ATTACK, next: `a|b\n# ${ATTACK}` });
  const decisions = [decisionOf(story.plan, 'bea', 'reject', { reason: ATTACK })];
  const rehearsal = { atMs: OPENS, value: { passed: false, [ATTACK]: ATTACK, __proto__x: 'y' } };
  return story.report({ decisions, rehearsal });
}

/** Tags of the page that are not ours. */
function foreignTags(html: string): readonly string[] {
  return [...html.matchAll(/<(script|img|iframe|link|object|embed|form|input)\b/gi)].map(
    ([tag]) => tag,
  );
}

describe('the HTML report', () => {
  test('asks for nothing from outside and runs nothing', () => {
    const html = renderHtml(everything());
    expect(html).not.toMatch(/(?:src|href)\s*=(?!"#)/i);
    expect(html).not.toMatch(/url\((?!#)|@import|https?:\/\//i);
    expect(html).not.toMatch(/\son[a-z]+\s*=/i);
    expect(foreignTags(html)).toEqual([]);
    expect(html).toContain("default-src 'none'");
  });

  test('shows what a hostile device or person wrote as text', () => {
    const html = renderHtml(hostile());
    expect(foreignTags(html)).toEqual([]);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    // oxlint-disable-next-line no-control-regex
    expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
    expect(html).toContain('␛[2J');
    expect(html).toContain('&lt;U+202E&gt;');
    expect(html).toContain('{{title}}');
  });

  test('names its language, has one first heading and skips no level', () => {
    const html = renderHtml(everything());
    expect(html).toMatch(/<html lang="en">/);
    const levels = [...html.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
    expect(levels.filter((each) => each === 1)).toEqual([1]);
    for (const [index, level] of levels.entries()) {
      if (index > 0) expect(level - levels[index - 1]!).toBeLessThanOrEqual(1);
    }
  });

  test('gives every table header its scope and every link in the page its target', () => {
    const html = renderHtml(everything());
    expect(html.match(/<th\b(?![^>]*scope=)/g)).toBeNull();
    const ids = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));
    const targets = [...html.matchAll(/(?:href="#|url\(#)([^")]+)/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((each) => !ids.has(each))).toEqual([]);
  });

  test('opens and closes its elements in pairs', () => {
    const html = renderHtml(hostile());
    for (const tag of [
      'div',
      'table',
      'tr',
      'td',
      'th',
      'details',
      'section',
      'ul',
      'li',
      'svg',
      'pre',
      'p',
    ]) {
      const opened = html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length;
      expect([tag, opened]).toEqual([tag, html.match(new RegExp(`</${tag}>`, 'g'))?.length]);
    }
  });

  test('renders a run that was planned and never begun', () => {
    const html = renderHtml(storyOf(['sw1']).report());
    expect(html).toContain('The run has not begun');
  });
});

describe('the Markdown report', () => {
  test('holds all parts in order, and a closing table with every unit', () => {
    const lines = renderMarkdown(everything()).split('\n');
    expect(lines.filter((each) => /^##? /.test(each))).toEqual([
      '# campus-leaf-4.32',
      '## Waves',
      '## Approvals',
      '## Course of the run',
      '## Left out of the plan',
      '## Units',
      '## Closing table',
    ]);
    const closing = lines.slice(lines.indexOf('## Closing table'));
    expect(closing.filter((each) => /^\| sw[123] /.test(each))).toHaveLength(3);
  });

  test('keeps hostile text inside its cell and its fence', () => {
    const text = renderMarkdown(hostile());
    const outside = text.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
    expect(outside.match(/^# .*/gm)).toEqual(['# campus-leaf-4.32']);
    expect(outside).not.toContain('<script');
    expect(outside).not.toContain('<img');
    expect(outside.match(/<\/details>/g)).toHaveLength(1);
    const widths = outside.split('\n').filter((each) => each.startsWith('| sw1 |'));
    for (const row of widths) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
  });
});

describe('the timeline', () => {
  test('draws no bar outside the chart, in the order of time', () => {
    const story = storyOf(['sw1', 'sw2'])
      .start()
      .upgrade('sw1')
      .wait(40 * HOUR)
      .revert('sw2');
    const [chart] = chartsOf(story.report());
    // To the back-out deadline, to the end of the window, to the second unit.
    expect(chart!.breaks).toHaveLength(3);
    for (const row of chart!.rows) {
      let last = 0;
      for (const bar of row.bars) {
        expect(bar.x).toBeGreaterThanOrEqual(last);
        expect(bar.x + bar.width).toBeLessThanOrEqual(chart!.width);
        last = bar.x;
      }
    }
  });

  test('marks the back-out deadline before the end of the window', () => {
    const [chart] = chartsOf(storyOf(['sw1']).start().upgrade('sw1').report());
    expect(chart!.rows[0]!.marks.map((each) => each.kind)).toEqual(['deadline', 'window']);
  });

  test('splits many units into charts', () => {
    const names = Array.from({ length: 80 }, (_, index) => `sw${index}`);
    const story = storyOf(names).start().upgrade('sw0');
    const charts = chartsOf(story.report());
    expect(charts.flatMap((each) => each.rows)).toHaveLength(80);
    expect(charts.length).toBeGreaterThan(1);
  });
});

describe('a time', () => {
  test('stands in site time and UTC, with the UTC date where it differs', () => {
    expect(bothMoments(OPENS, 'Europe/Amsterdam')).toBe('2027-06-12 22:00:00 +02:00 (20:00:00Z)');
    expect(bothMoments(OPENS + 3 * HOUR, 'Europe/Amsterdam')).toBe(
      '2027-06-13 01:00:00 +02:00 (2027-06-12 23:00:00Z)',
    );
  });

  test('stands in UTC alone where the zone is unknown', () => {
    expect(bothMoments(OPENS, 'Mars/Olympus')).toBe('2027-06-12 20:00:00Z');
  });
});

describe('a unit that does not answer', () => {
  const entries = [{ text: 'look first', type: ['dir flash:', '<script>'] }];
  const card = { unit: unitId('sw1'), title: 'sw1: gone', sections: [{ heading: 'Do', entries }] };
  const report = () =>
    storyOf(['sw1', 'sw2'])
      .start()
      .admit('sw1')
      .end('sw1', 'lost')
      .upgrade('sw2')
      .report({
        cards: [card, { ...card, unit: unitId('sw2'), title: 'sw2: gone' }],
      });

  test('has its recovery card in all three, and nobody else has', () => {
    const made = report();
    const html = renderHtml(made);
    const markdown = renderMarkdown(made);
    for (const text of [html, markdown]) {
      expect(text).toContain('Recovery card: sw1: gone');
      expect(text).toContain('dir flash:');
      expect(text).not.toContain('sw2: gone');
    }
    expect(html).not.toContain('<script>');
    expect(made.units.map((each) => each.card?.unit)).toEqual(['sw1', undefined]);
  });
});
