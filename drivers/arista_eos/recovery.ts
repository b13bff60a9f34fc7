import type { RecoveryCard } from '../../src/driver/recovery.js';

/** From Aboot, the loader of EOS. */
export const recovery: RecoveryCard = {
  console: ['9600 baud, 8 data bits, no parity, 1 stop bit, no flow control'],
  sights: [
    { shows: 'Press Control-C now to enter Aboot shell', means: 'it is about to boot' },
    {
      shows: 'Aboot#',
      means: 'the loader: boot-config is missing or bad, or the image that it names is',
    },
    { shows: '<unit> login:', means: 'EOS runs: look at its management port and its cables' },
    {
      shows: 'localhost login:',
      means: 'EOS runs without its startup-config (zero touch provisioning may be under way)',
    },
  ],
  steps: [
    {
      title: 'Look what is there and what it is told to boot',
      type: ['ls -l /mnt/flash', 'cat /mnt/flash/boot-config'],
    },
    { title: 'Boot the image that it ran before', type: ['boot <boot>'] },
    {
      title: 'When it is up, as an administrator: make that its next boot as well',
      type: ['enable', 'configure', 'boot system <boot>', 'end', 'show boot-config'],
    },
    {
      title: 'Without its configuration: compare, then bring back the one that the run kept',
      type: ['dir flash:', 'show startup-config'],
    },
  ],
  success: [
    '`show version` says <old version>',
    '`show boot-config` names <boot>',
    'it answers at <address>',
  ],
  never: [
    { type: 'fullrecover', because: 'erases the whole flash: images, configuration, keys' },
    { type: 'format flash:', because: 'erases the whole flash' },
    { type: 'rm -rf /mnt/flash', because: 'erases the whole flash' },
    {
      type: 'write erase',
      because: 'takes the startup-config away: it then boots into zero touch provisioning',
    },
  ],
  sources: [
    'https://www.arista.com/en/um-eos/eos-system-reset',
    'https://ebookreading.net/view/book/EB9781491953037_20.html',
  ],
  unconfirmed: [
    '`boot flash:NAME` as the form of the line in the Aboot shell',
    'the console speed, where boot-config sets another',
    'what a switch with an Aboot password asks first',
  ],
};
