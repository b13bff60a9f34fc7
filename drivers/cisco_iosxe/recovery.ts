import type { RecoveryCard } from '../../src/driver/recovery.js';

/** From the loader of Catalyst 9000 switches in install mode. */
export const recovery: RecoveryCard = {
  console: [
    '9600 baud, 8 data bits, no parity, 1 stop bit, no flow control',
    'a stack: each member has a console and a flash of its own; members by serial: <serials>',
  ],
  sights: [
    { shows: 'switch:', means: 'the loader of a member: no image was booted' },
    { shows: 'rommon 1 >', means: 'the loader, as others of the family call it' },
    { shows: 'Press RETURN to get started!', means: 'IOS XE runs: look at its management port' },
    {
      shows: 'Would you like to enter the initial configuration dialog? [yes/no]:',
      means: 'IOS XE runs without its startup-config: answer no',
    },
  ],
  steps: [
    {
      title: 'On every member that stands in its loader: look what its flash holds',
      type: ['dir flash:', 'set'],
    },
    {
      title: 'Boot what the packages file names (BOOT should say so as well)',
      type: ['boot <boot>'],
    },
    {
      title: 'Where that one does not boot: NAME is the packages file of before, from the list',
      type: ['dir flash:', 'boot flash:NAME'],
    },
    {
      title: 'When it is up: what runs, what is committed, and whether every member is there',
      type: ['show version', 'show install summary', 'show switch'],
    },
    {
      title: 'Uncommitted (state U): take it back, which reloads the unit',
      type: ['install abort'],
    },
  ],
  success: [
    '`show version` says <old version> on every member',
    '`show switch` shows every member Ready',
    'it answers at <address>',
  ],
  never: [
    {
      type: 'emergency-install',
      because: 'formats the flash of the member: configuration and all images are gone',
    },
    { type: 'format flash:', because: 'erases the flash' },
    { type: 'write erase', because: 'takes the startup-config away' },
    {
      type: 'install remove inactive',
      because: 'deletes the very files that the way back needs',
    },
    {
      type: 'set SWITCH_IGNORE_STARTUP_CFG 1',
      because: 'is for lost passwords: it boots without the configuration',
    },
  ],
  sources: [
    'https://www.cisco.com/c/en/us/support/docs/switches/catalyst-9300-series-switches/216944-troubleshoot-bootloader-rommon-and-pas.html',
    'https://www.cisco.com/c/en/us/support/docs/switches/catalyst-9300-series-switches/217607-troubleshoot-and-recover-catalyst-9000-s.html',
  ],
  unconfirmed: [
    'the name of the packages file of before (`packages.conf.00-` on some releases)',
    'that a member may be booted alone while the rest of its stack is up',
  ],
};
