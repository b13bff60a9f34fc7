import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  parseConfig,
  renderConfig,
} from '../../../drivers/juniper_junos/personality-config-text.js';
import { setLines } from '../../../drivers/juniper_junos/personality-config.js';
import { dualSeed, printed, seedOf, Terminal } from './personality-terminal.js';

function configuring(...lines: readonly string[]): Terminal {
  const terminal = new Terminal();
  terminal.type('set cli screen-length 0', 'configure', ...lines);
  return terminal;
}

/** Without what stands above the prompt. */
const body = (text: string) =>
  text.replace(/\n(?:# commit.*\n)?(?:\{\w+\})?(?:\[edit.*\]\n)?$/, '');

const RECORDED = new URL('../../../drivers/juniper_junos/transcripts/', import.meta.url);
const recorded = readdirSync(RECORDED).map((file) => {
  const { commands } = JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8')) as {
    commands: Readonly<Record<string, string>>;
  };
  const lines = (commands['show configuration'] ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('## '))
    .map((line) => `${line.replace(/ ## SECRET-DATA$/, '')}\n`);
  // An address that stands there twice is one to the device.
  const text = lines.join('').replace(/^ *(address \S+);\n(?= *\1 \{)/gm, '');
  return [file, text] as const;
});

const FILTERS = `
policy-options {
    policy-statement to-core {
        term loop {
            from {
                protocol [ direct static ];
                route-filter 10.71.255.0/24 orlonger;
            }
            then accept;
        }
        term rest {
            then reject;
        }
    }
}
inactive: protocols {
    isis {
        level 1 disable;
        interface xe-0/0/0.0 {
            point-to-point;
        }
    }
}
`.trimStart();

describe('the configuration of a simulated Junos device', () => {
  test('reads braces and writes the same text again', () => {
    expect(renderConfig(parseConfig(FILTERS))).toBe(FILTERS);
  });

  test.each(recorded)('%s: writes a recorded one as it was recorded', (_file, text) => {
    expect(text).not.toBe('');
    expect(renderConfig(parseConfig(text))).toBe(text);
  });

  test.each(recorded)(
    '%s: comes to the same from the set lines of a recorded one',
    (_file, text) => {
      const sets = setLines(parseConfig(text)).join('\n');
      expect(renderConfig(parseConfig(sets))).toBe(text);
    },
  );

  test('comes to the same tree from its set lines', () => {
    const sets = setLines(parseConfig(FILTERS));
    expect(sets).toContain('deactivate protocols');
    expect(sets).toContain(
      'set policy-options policy-statement to-core term loop from protocol static',
    );
    expect(renderConfig(parseConfig(sets.join('\n')))).toBe(FILTERS);
  });

  test('takes hostile text without harm', () => {
    for (const text of [
      '}}}{{{',
      '{'.repeat(5000),
      'a'.repeat(9000),
      'system { host-name "x',
      '/*',
    ]) {
      expect(typeof renderConfig(parseConfig(text))).toBe('string');
    }
  });

  test('replaces a value, lets a list grow, and compares with what is committed', () => {
    const terminal = configuring(
      'set system host-name edge9',
      'set protocols ospf overload timeout 1800',
      'set system domain-search [ a.example b.example ]',
      'set system domain-search c.example',
      'delete interfaces xe-0/0/0 description',
    );
    expect(terminal.send('show system domain-search')).toContain(
      'domain-search [ a.example b.example c.example ];',
    );
    expect(body(terminal.send('show | compare')).split('\n')).toEqual([
      '[edit system]',
      '-  host-name edge1;',
      '+  host-name edge9;',
      '+  domain-search [ a.example b.example c.example ];',
      '[edit interfaces xe-0/0/0]',
      '-  description "to core1";',
      '[edit protocols ospf]',
      '+   overload {',
      '+       timeout 1800;',
      '+   }',
      '',
    ]);
  });

  test('drops a block with its last statement, and keeps an entry', () => {
    const terminal = configuring(
      'delete routing-options router-id',
      'delete routing-options autonomous-system',
      'delete interfaces fxp0 unit 0 family inet',
    );
    expect(terminal.send('show | display set')).not.toContain('routing-options');
    expect(terminal.send('show interfaces fxp0')).toContain('unit 0;');
  });

  test('says so when there is nothing to delete', () => {
    const terminal = configuring();
    expect(terminal.send('delete snmp community public')).toContain('warning: statement not found');
  });

  test('moves between levels and applies lines there', () => {
    const terminal = configuring('edit protocols ospf area 0.0.0.0');
    expect(terminal.send('')).toBe('\n[edit protocols ospf area 0.0.0.0]\n');
    terminal.type('set interface xe-0/0/1.0 metric 10', 'up 2');
    expect(terminal.send('')).toBe('\n[edit protocols]\n');
    terminal.send('top set system time-zone UTC');
    expect(terminal.send('')).toBe('\n[edit protocols]\n');
    expect(terminal.send('show ospf area 0.0.0.0 interface xe-0/0/1.0')).toContain('metric 10;');
    expect(terminal.send('exit configuration-mode')).toContain('not committed');
  });

  test('puts a term before another', () => {
    const way = 'policy-options policy-statement P term';
    const terminal = configuring(
      `set ${way} a then accept`,
      `set ${way} b then reject`,
      `insert ${way} b before term a`,
    );
    const shown = terminal.send('show policy-options policy-statement P');
    expect(shown.indexOf('term b')).toBeLessThan(shown.indexOf('term a'));
    expect(terminal.send(`insert ${way} a before term z`)).toContain("error: statement 'term z'");
  });

  test('leaves an inactive statement without effect', () => {
    const terminal = configuring('deactivate protocols ospf', 'commit');
    expect(terminal.send('run show ospf neighbor')).toContain('OSPF instance is not running');
    terminal.type('activate protocols ospf', 'commit');
    expect(terminal.send('run show ospf neighbor')).toContain('Full');
  });

  test('points at the word that it does not know', () => {
    const terminal = configuring();
    const [caret, text] = terminal.send('set nonsense here').split('\n');
    expect(caret).toBe(`${' '.repeat('ops@edge1# set '.length)}^`);
    expect(text).toBe('syntax error.');
    expect(terminal.send('frobnicate')).toContain('unknown command.');
  });

  test('asks before it is left with changes, and keeps them for the next session', () => {
    const terminal = configuring('set system host-name edge9');
    expect(terminal.send('exit')).toContain('Exit with uncommitted changes? [yes,no] (yes) ');
    expect(terminal.shell.question?.takes).toBe('line');
    expect(terminal.send('yes')).toContain('Exiting configuration mode');
    expect(terminal.send('configure')).toContain('has been changed but not committed');
    expect(terminal.send('show | compare')).toContain('+  host-name edge9;');
  });

  test('gives nobody an exclusive session on top of changes of others', () => {
    const terminal = configuring('set system host-name edge9', 'exit', 'yes');
    expect(terminal.send('configure exclusive')).toContain(
      'error: configuration database modified',
    );
    expect(terminal.prompt).toBe('ops@edge1> ');
  });

  test('forgets the changes of an exclusive session that is left', () => {
    const terminal = new Terminal();
    terminal.type('configure exclusive', 'set system host-name edge9');
    expect(terminal.send('exit')).toContain('Discard uncommitted changes? [yes,no] (yes) ');
    terminal.type('yes', 'configure');
    expect(terminal.send('show | compare')).toBe('\n[edit]\n');
  });
});

describe('a commit of a simulated Junos device', () => {
  test('takes effect at once and can be gone back from', () => {
    const terminal = configuring('set system host-name edge9', 'set interfaces xe-0/0/1 disable');
    expect(terminal.send('commit comment "new name"')).toContain('commit complete');
    expect(terminal.mutation).toBe('commit');
    expect(terminal.prompt).toBe('ops@edge9# ');
    expect(terminal.device.ports[1]?.admin).toBe('down');
    expect(terminal.device.startupConfig).toBe(terminal.device.runningConfig);
    expect(terminal.send('run show system commit')).toContain('    new name');
    expect(terminal.send('rollback 1')).toContain('load complete');
    terminal.send('commit and-quit');
    expect(terminal.prompt).toBe('ops@edge1> ');
    expect(terminal.send('show system rollback compare 1 0')).toContain('+  host-name edge1;');
  });

  test('is refused for a policy that is not there, and nothing changes', () => {
    const terminal = configuring('set protocols bgp group peers export NOPE');
    const before = terminal.device.runningConfig;
    expect(terminal.send('commit')).toContain('Policy NOPE referenced but not defined');
    expect(terminal.send('commit check')).toContain('error: configuration check-out failed');
    expect(terminal.device.runningConfig).toBe(before);
  });

  test('that must be confirmed is taken back when nobody does', () => {
    const terminal = configuring('set system host-name edge9', 'show');
    const before = terminal.device.runningConfig;
    expect(terminal.send('commit confirmed 5')).toContain(
      'commit confirmed will be automatically rolled back in 5 minutes unless confirmed',
    );
    expect(terminal.effects).toContainEqual({
      kind: 'timer',
      name: 'commit-confirmed',
      delayMs: 300_000,
    });
    expect(terminal.send('')).toContain('# commit confirmed will be rolled back in 5 minutes');
    terminal.nowMs += 300_000;
    const [log] = terminal.fire('commit-confirmed');
    expect(log?.kind === 'log' && log.text).toContain('automatic rollback complete');
    expect(terminal.device.runningConfig).toBe(before);
    expect(terminal.device.hostname).toBe('edge1');
    const list = terminal.send('run show system commit');
    expect(list).toMatch(
      /^0 .* by root via other\n1 .* by ops via cli commit confirmed, rollback in 5mins\n/,
    );
  });

  test.each(['commit', 'commit check'])('that must be confirmed stays after "%s"', (line) => {
    const terminal = configuring('set system host-name edge9', 'commit confirmed 5');
    terminal.send(line);
    expect(terminal.effects).toContainEqual({ kind: 'cancel-timer', name: 'commit-confirmed' });
    terminal.nowMs += 300_000;
    expect(terminal.fire('commit-confirmed')).toEqual([]);
    expect(terminal.device.hostname).toBe('edge9');
  });

  test('confirmed twice still goes back to what was there first', () => {
    const terminal = configuring(
      'set system host-name edge8',
      'commit confirmed 5',
      'set system host-name edge9',
      'commit confirmed 5',
    );
    terminal.nowMs += 300_000;
    terminal.fire('commit-confirmed');
    expect(terminal.device.hostname).toBe('edge1');
  });

  test('that waits for its confirmation does not outlive a reboot', () => {
    const terminal = configuring('set system host-name edge9', 'commit confirmed 60', 'exit');
    terminal.reload();
    expect(terminal.device.hostname).toBe('edge1');
  });

  test('with an overload is a drain', () => {
    const terminal = configuring('set protocols ospf overload', 'commit');
    expect(terminal.device.drained).toBe(true);
    terminal.type('delete protocols ospf overload', 'commit');
    expect(terminal.device.drained).toBe(false);
  });

  test('goes to both engines, and to none while one is away', () => {
    const terminal = new Terminal(dualSeed());
    terminal.type('configure', 'set system host-name edge9');
    expect(terminal.send('commit')).toMatch(
      /re0: \nconfiguration check succeeds\nre1: \ncommit complete\nre0: \ncommit complete\n/,
    );
    terminal.type('run request system reboot other-routing-engine', 'yes');
    terminal.send('set system host-name edge8');
    expect(terminal.send('commit')).toContain('error: remote lock-configuration failed on re1');
    expect(terminal.device.hostname).toBe('edge9');
  });
});

describe('what a lab network gives a simulated Junos device', () => {
  test('is merged into its configuration, in braces or as set lines', () => {
    const braces = new Terminal(seedOf({ extraConfig: 'snmp {\n    location "row 5";\n}\n' }));
    const sets = new Terminal(seedOf({ extraConfig: 'set snmp location "row 5"\n' }));
    for (const terminal of [braces, sets]) {
      expect(terminal.send('show configuration snmp')).toContain('location "row 5";');
      expect(terminal.device.hostname).toBe('edge1');
    }
  });

  test('never leaves a secret in the clear', () => {
    const terminal = new Terminal();
    const shown = printed(terminal.effects) + terminal.send('show configuration | no-more');
    expect(shown).toContain('## SECRET-DATA');
    expect(shown).not.toContain('lab-secret');
  });
});
