import { describe, expect, test } from '@jest/globals';
import { DAY_MS, firewall, openSession } from './personality-session.js';

describe('the configuration of the simulated FortiGate', () => {
  test('changes nothing before next or end', () => {
    const session = openSession(firewall());
    const before = session.device().runningConfig;
    session.all('config system interface', 'edit wan1', 'set description "uplink"');
    expect(session.device().runningConfig).toBe(before);
    expect(session.send('show')).toContain('set description "uplink"');
    session.send('next');
    expect(session.device().runningConfig).toContain('set description "uplink"');
    expect(session.device().ports[0]?.description).toBe('uplink');
  });

  test('forgets on abort', () => {
    const session = openSession(firewall());
    session.all('config system global', 'set hostname other', 'abort');
    expect(session.prompt()).toBe('fw1 # ');
    expect(session.device().hostname).toBe('fw1');
  });

  test('prompts with a new hostname from end on', () => {
    const session = openSession(firewall());
    session.all('config system global', 'set hostname fw-new', 'end');
    expect(session.prompt()).toBe('fw-new # ');
  });

  test('takes a port down and up', () => {
    const session = openSession(firewall());
    session.all('config system interface', 'edit wan1', 'set status down', 'end');
    expect(session.device().ports[0]?.admin).toBe('down');
    expect(session.send('get system interface physical wan1')).toContain('status: down');
    session.all('config system interface', 'edit wan1', 'unset status', 'end');
    expect(session.device().ports[0]?.admin).toBe('up');
  });

  test('numbers a policy that is made as entry 0, and wants all that a policy needs', () => {
    const session = openSession(firewall());
    session.send('config firewall policy');
    expect(session.send('edit 0')).toContain("new entry '1' added");
    session.send('set srcintf wan1');
    const refused = session.send('next');
    expect(refused).toContain('node_check_object fail! for dstintf');
    expect(refused).toContain('Command fail. Return code -56');
    expect(session.device().runningConfig).not.toContain('config firewall policy');
    session.all(
      'edit 0',
      'set srcintf wan1',
      'set dstintf wan2',
      'set srcaddr all',
      'set dstaddr all',
      'set schedule always',
      'set service HTTPS DNS',
      'set action accept',
      'next',
      'end',
    );
    expect(session.send('show firewall policy 1')).toContain('set service "HTTPS" "DNS"');
  });

  test.each([
    ['system global', 'set admintimeout 481', 'Return code -651'],
    ['system global', 'set admintimeout x', 'invalid unsigned integer value: x'],
    ['system global', 'set cfg-save never', "parse error before 'never'"],
    ['system global', 'set nonsense 1', "parse error before 'nonsense'"],
    ['system global', 'set hostname', 'Return code -160'],
    ['system dns', 'set primary 300.1.1.1', "parse error before '300.1.1.1'"],
    ['system global', `set hostname ${'h'.repeat(36)}`, 'string value is too long'],
  ])('refuses in %s: %s', (path, line, said) => {
    const session = openSession(firewall());
    session.send(`config ${path}`);
    expect(session.send(line)).toContain(said);
    const before = session.device().runningConfig;
    session.send('end');
    expect(session.device().runningConfig).toBe(before);
  });

  test('refuses a reference to what is not there', () => {
    const session = openSession(firewall());
    session.all('config firewall policy', 'edit 0');
    const said = session.send('set srcaddr nowhere');
    expect(said).toContain('entry not found in datasource');
    expect(said).toContain('Command fail. Return code -3');
  });

  test('keeps an object that others use, and deletes one that nobody uses', () => {
    const session = openSession(firewall());
    session.all('config firewall address', 'edit net1', 'set subnet 10.1.0.0/16', 'next');
    session.all('edit net2', 'set subnet 10.2.0.0 255.255.0.0', 'end');
    session.all('config firewall addrgrp', 'edit grp', 'set member net1', 'end');
    session.send('config firewall address');
    expect(session.send('delete net1')).toContain('The entry is used by other 1 entries');
    session.send('delete net2');
    expect(session.device().runningConfig).toContain('edit "net1"');
    expect(session.device().runningConfig).not.toContain('edit "net2"');
    expect(session.send('delete net2')).toContain('Return code -3');
  });

  test('adds to a list and takes from it', () => {
    const session = openSession(firewall());
    session.all('config system zone', 'edit inside', 'set interface wan1', 'append interface wan2');
    expect(session.send('show')).toContain('set interface "wan1" "wan2"');
    session.send('unselect interface wan1');
    expect(session.send('show')).toContain('set interface "wan2"');
  });

  test('moves, renames and clones entries', () => {
    const session = openSession(
      firewall({
        extraConfig:
          'config router policy\nedit 1\nset src a\nnext\nedit 2\nset src b\nnext\nend\n',
      }),
    );
    session.send('config router policy');
    session.send('move 2 before 1');
    session.send('clone 1 to 7');
    session.send('rename 1 to 5');
    const shown = session.send('show');
    expect(shown.match(/edit \d/g)).toEqual(['edit 2', 'edit 5', 'edit 7']);
    expect(session.send('move 2 above 1')).toContain("parse error before 'above'");
  });

  test('leaves out what is set to its default, and shows it in full', () => {
    const session = openSession(firewall());
    session.all('config system global', 'set admintimeout 30', 'end');
    expect(session.send('show system global')).toContain('set admintimeout 30');
    session.all('config system global', 'set admintimeout 5', 'end');
    expect(session.send('show system global')).not.toContain('admintimeout');
    expect(session.send('show full-configuration system global')).toContain('set admintimeout 5');
    expect(session.send('get system global')).toMatch(/^admintimeout {8}: 5\r$/m);
  });

  test('edits tables inside of objects', () => {
    const session = openSession(firewall());
    session.all('config router bgp', 'config neighbor', 'edit 10.0.0.1', 'set shutdown enable');
    expect(session.prompt()).toBe('fw1 (10.0.0.1) # ');
    session.all('next', 'end', 'end');
    expect(session.send('show router bgp')).toContain('set shutdown enable');
    expect(session.send('get router info bgp summary')).toContain('Idle (Admin)');
  });

  test('never shows a secret, and encrypts it anew each time it shows it', () => {
    const session = openSession(firewall());
    session.all('config system snmp user', 'edit poller', 'set auth-pwd tell-nobody', 'end');
    const secretIn = () => /auth-pwd (ENC \S+)/.exec(session.send('show system snmp user'))?.[1];
    const first = secretIn();
    session.wait(1000);
    const second = secretIn();
    expect(first).toMatch(/^ENC \S{20,}$/);
    expect(second).not.toBe(first);
    expect(session.device().runningConfig).not.toContain('tell-nobody');
  });

  test('takes what it is given as its first configuration, over its own', () => {
    const device = firewall({
      extraConfig:
        '#config-version=x\nconfig system global\n    set hostname "given"\nend\nconfig firewall address\n    edit "two words"\n        set comment "say \\"hi\\""\n    next\nend\n',
    });
    expect(device.hostname).toBe('given');
    const session = openSession(device);
    expect(session.send('show firewall address "two words"')).toContain(
      'set comment "say \\"hi\\""',
    );
    expect(device.startupConfig).toBe(device.runningConfig);
  });
});

describe('what the simulated FortiGate reads', () => {
  const certificate = '"-----BEGIN-----\nMIID set x \\"y\\" abc\n  end\n-----END-----"';

  test('keeps values of many lines, whatever stands in them', () => {
    const given = `config vpn certificate local\n    edit "own"\n        set certificate ${certificate}\n    next\nend\nconfig firewall addrgrp\n    edit "100"\n        set member "all"\n    next\nend\n`;
    const session = openSession(firewall({ extraConfig: given }));
    const { runningConfig } = session.device();
    expect(runningConfig).toContain('MIID set x \\"y\\" abc\n  end\n-----END-----"\n    next');
    expect(runningConfig).toContain('edit "100"');
  });

  test('reads up to a quote that nobody closes', () => {
    const rest = 'set a b "\n"'.repeat(20_001);
    const given = `config firewall address\nedit "x"\nnext\nend\nconfig log setting\nset foo "${rest}\n`;
    expect(firewall({ extraConfig: given }).runningConfig).toContain('edit "x"');
  });
});

const REVERT = ['config system global', 'set cfg-save revert', 'set cfg-revert-timeout 120', 'end'];

describe('saving the configuration of the simulated FortiGate', () => {
  test('happens at once by default', () => {
    const session = openSession(firewall());
    session.all('config system global', 'set admintimeout 30', 'end');
    expect(session.device().startupConfig).toBe(session.device().runningConfig);
    expect(session.send('execute cfg save')).toContain('no config to be saved.');
  });

  test('is up to the operator in manual mode', () => {
    const session = openSession(firewall());
    session.all('config system global', 'set cfg-save manual', 'end');
    session.all('config system global', 'set admintimeout 30', 'end');
    expect(session.device().startupConfig).not.toContain('admintimeout');
    expect(session.send('execute cfg save')).toContain('config saved.');
    expect(session.device().startupConfig).toContain('set admintimeout 30');
  });

  test('in revert mode undoes what nobody saves in time, without a reboot', () => {
    const session = openSession(firewall());
    session.all(...REVERT);
    session.all('config system global', 'set hostname broken', 'end');
    expect(session.effects()).toContainEqual({
      kind: 'timer',
      name: 'cfg-revert',
      delayMs: 120_000,
    });
    const effects = session.timer('cfg-revert', 120_000);
    expect(effects.filter(({ kind }) => kind === 'reload')).toEqual([]);
    expect(session.device().hostname).toBe('fw1');
    expect(session.device().runningConfig).toContain('set cfg-save revert');
  });

  test('in revert mode reboots into the saved configuration up to 7.0.3', () => {
    const session = openSession(firewall({ version: '7.0.3' }));
    session.all(...REVERT);
    session.all('config system global', 'set hostname broken', 'end');
    expect(session.timer('cfg-revert', 120_000)).toContainEqual(
      expect.objectContaining({ kind: 'reload' }),
    );
    session.boot();
    expect(session.device().hostname).toBe('fw1');
  });

  test('in revert mode starts the time anew with every line that is typed', () => {
    const session = openSession(firewall());
    session.all(...REVERT);
    session.all('config system global', 'set admintimeout 30', 'end');
    session.send('get system status');
    expect(session.effects()).toContainEqual(
      expect.objectContaining({ kind: 'timer', name: 'cfg-revert' }),
    );
  });

  test('in revert mode keeps what was saved in time', () => {
    const session = openSession(firewall());
    session.all(...REVERT);
    session.all('config system global', 'set admintimeout 30', 'end');
    session.send('execute cfg save');
    expect(session.effects()).toContainEqual({ kind: 'cancel-timer', name: 'cfg-revert' });
    session.timer('cfg-revert', DAY_MS);
    expect(session.device().runningConfig).toContain('set admintimeout 30');
  });

  test('back in automatic mode saves all that was not saved', () => {
    const session = openSession(firewall());
    session.all(...REVERT);
    session.all('config system global', 'set admintimeout 30', 'end');
    session.all('config system global', 'set cfg-save automatic', 'end');
    expect(session.device().startupConfig).toContain('set admintimeout 30');
  });

  test('knows the time limit in revert mode only', () => {
    const session = openSession(firewall());
    session.send('config system global');
    expect(session.send('set cfg-revert-timeout 60')).toContain(
      "parse error before 'cfg-revert-timeout'",
    );
    session.all('set cfg-save revert', 'set cfg-revert-timeout 60', 'end');
    expect(session.send('get system global')).toMatch(/^cfg-revert-timeout {2}: 60\r$/m);
    session.all('config system global', 'set cfg-save automatic', 'end');
    expect(session.send('show full-configuration system global')).not.toContain('revert-timeout');
  });

  test('reload goes back by a reboot', () => {
    const session = openSession(firewall());
    expect(session.send('execute cfg reload')).toContain('no config to be reloaded.');
    session.all(...REVERT);
    session.all('config system global', 'set hostname broken', 'end');
    expect(session.send('execute cfg reload')).toContain('system will reboot');
    session.boot();
    expect(session.device().hostname).toBe('fw1');
  });
});
