import type { RecoveryCard } from '../../src/driver/recovery.js';

/** From the BIOS menu of a FortiGate, by its second partition. */
export const recovery: RecoveryCard = {
  console: [
    '9600 baud, 8 data bits, no parity, 1 stop bit, no flow control',
    'a cluster: the console of the member itself; members by serial: <serials>',
  ],
  sights: [
    {
      shows: 'Please wait for OS to boot, or press any key to display configuration menu',
      means: 'the moment to press a key (with restricted mode: Ctrl-B)',
    },
    { shows: 'Enter C,R,T,F,I,B,Q,or H:', means: 'the BIOS menu' },
    { shows: 'OPEN BOOT DEVICE FAILED', means: 'the boot device cannot be read' },
    { shows: 'Default firmware boot failed!', means: 'the partition that it boots does not' },
    { shows: '<unit> login:', means: 'FortiOS runs: look at its interfaces and its cluster' },
  ],
  steps: [
    {
      title: 'Power off and on; press a key when it says so. Look first: [I] shows what it is',
      type: ['I', 'Q'],
    },
    {
      title:
        'Boot the partition of before and keep it: "[B]: Boot with backup firmware and set as default"; its own configuration comes with it',
      type: ['B'],
    },
    {
      title: 'When it is up: what runs, from which partition, and what the other one holds',
      type: ['get system status', 'diagnose sys flash list'],
    },
    {
      title: 'A cluster: both members there and in sync',
      type: ['get system ha status', 'diagnose sys ha checksum cluster'],
    },
  ],
  success: [
    '`get system status` says <old version>',
    'the policies and the addresses of before are there: compare with `nightshift config backup <unit>`',
    'it answers at <address>',
  ],
  never: [
    { type: 'F', because: '"Format boot device": firmware and configuration are gone' },
    {
      type: 'T',
      because:
        '"Initiate TFTP firmware transfer" ends in factory defaults: only with the backup at hand, and when no partition boots',
    },
    { type: 'execute factoryreset', because: 'erases the configuration' },
    { type: 'execute formatlogdisk', because: 'erases the logs, and with them what happened' },
  ],
  sources: [
    'https://community.fortinet.com/t5/FortiGate/Technical-Tip-How-to-enable-Restricted-mode-on-FortiGate-BIOS/ta-p/376636',
    'https://community.fortinet.com/t5/FortiGate/Technical-Tip-Loading-FortiGate-firmware-image-using-TFTP/ta-p/197600',
    'http://kb.fortinet.com/kb/documentLink.do?externalID=FD44557',
  ],
  unconfirmed: [
    'the letters of the menu on old BIOS versions: read the menu before typing',
    'that the other partition still holds the release of before after several upgrades',
  ],
};
