import type { RecoveryCard } from '../../src/driver/recovery.js';

/** From the boot menu of Junos with upgraded FreeBSD; older ones have the `loader>` prompt alone. */
export const recovery: RecoveryCard = {
  console: [
    '9600 baud, 8 data bits, no parity, 1 stop bit, no flow control',
    'each routing engine has a console port of its own',
  ],
  sights: [
    {
      shows: 'Options Menu',
      means:
        'the boot menu: Recover [J]unos volume, Recovery mode - [C]LI, [B]oot prompt, [M]ain menu',
    },
    { shows: 'loader>', means: 'the loader: nothing was booted, or the countdown was stopped' },
    { shows: 'ok', means: 'the prompt of the loader on other families' },
    {
      shows: 'Amnesiac (ttyd0)',
      means: 'Junos runs without its configuration: log in as root',
    },
    {
      shows: 'NOTICE: System is running on alternate media device',
      means: 'it booted another medium: version and configuration may be old',
    },
    { shows: '<unit> (ttyu0)', means: 'Junos runs: look at its management port' },
  ],
  steps: [
    { title: 'At the loader: let it boot once more what it has', type: ['boot'] },
    {
      title:
        'At the Options Menu: Recovery mode - [C]LI brings a CLI without the network, which touches nothing',
      type: ['c'],
    },
    {
      title: 'What runs, and what is there to go back to',
      type: ['show version', 'show system software list', 'show system snapshot'],
    },
    {
      title: 'Back to the software of before (vmhost: `request vmhost software rollback`)',
      type: ['request system software rollback', 'request system reboot'],
    },
    {
      title:
        'Without its configuration (Amnesiac): look at the kept ones, load the last, then commit',
      type: [
        'configure',
        'rollback ?',
        'rollback 1',
        'show | compare',
        'commit check',
        'commit confirmed 10',
        'commit',
      ],
    },
  ],
  success: [
    '`show version` says <old version> on every routing engine',
    '`show system commit` shows the last commit of before the change',
    'it answers at <address>',
  ],
  never: [
    { type: 'request system zeroize', because: 'erases configuration, logs and keys' },
    {
      type: 'load factory-default',
      because: 'followed by a commit it is the end of the configuration: use rollback',
    },
    {
      type: 'install --format',
      because: 'the loader formats the disk before it installs from a stick or a server',
    },
    {
      type: 'j (Recover [J]unos volume)',
      because:
        'writes the volume anew from the recovery snapshot, configuration included: last of all',
    },
  ],
  sources: [
    'https://juniper.net/documentation/us/en/software/junos/junos-install-upgrade/topics/topic-map/software-install-and-upgrade-overview.html',
    'https://junosgeek.blogspot.com/2016/10',
  ],
  unconfirmed: [
    'the letters of the Options Menu, which are from a console log: read the menu first',
    'which families show `ok` and which `loader>`',
    'that `rollback 1` is the configuration of before: read the dates first',
    'the menu of vmhost engines, which comes up under the host',
  ],
};
