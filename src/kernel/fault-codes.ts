/** What `nightshift explain CODE` tells. One entry a code; codes never change their meaning. */
export interface FaultPage {
  readonly title: string;
  readonly why: string;
  readonly mend: string;
}

const pages = {
  'image-server': {
    title: 'The image server could not serve a file',
    why: 'It could not listen on its address, or the image could not be read. Nothing was changed on the device.',
    mend: 'Set an address of this machine that the device reaches under `imageServer` of the site, and see that the port is free.',
  },
  'document-unreadable': {
    title: 'A file could not be read as YAML or JSON',
    why: 'The text has a syntax error, is too large, or uses aliases beyond the limit. Nothing was done with it.',
    mend: 'Go to the line and column that the message names; most often it is indentation, a tab, or a missing quote.',
  },
  'document-invalid': {
    title: 'A file does not follow its schema',
    why: 'A key is unknown, missing, or holds a value of the wrong kind. All findings are listed at once.',
    mend: 'Follow each line of the message; `nightshift schema NAME` prints the JSON Schema for your editor.',
  },
  'inventory-invalid': {
    title: 'The inventory contradicts itself',
    why: 'A name is used but not declared, declared twice, or two entries disagree.',
    mend: 'Mend the entries named by file:line:column and run `nightshift inventory list` again.',
  },
  'pattern-invalid': {
    title: 'A --limit pattern cannot be read',
    why: 'Patterns are names, groups, sites, globs and ~regex, joined by `:` (or `,`), `:&` (and) and `:!` (not).',
    mend: 'Example: --limit "access:&site_ams:!sw7".',
  },
  'nobody-matches': {
    title: 'No unit matches',
    why: 'The playbook or the --limit pattern selects no unit of the inventory.',
    mend: 'Run `nightshift inventory list --limit PATTERN` to see what a pattern selects.',
  },
  'secret-unavailable': {
    title: 'A secret could not be fetched',
    why: 'The environment variable is unset, the file is missing or readable by others, or the helper failed.',
    mend: 'The message names the reference; set it, or mend the file (mode 0600).',
  },
  unreachable: {
    title: 'A device does not answer',
    why: 'TCP to the SSH port was refused or timed out; behind jump hosts, the last of them says so.',
    mend: 'Check address, port, route and access list; `nightshift fingerprint --limit NAME` tries again.',
  },
  'jump-host-unreachable': {
    title: 'A jump host does not answer',
    why: 'The way to the device leads through a jump host that could not be reached, or that had no room for one more connection. Of the device itself nothing is known.',
    mend: 'Try the jump host by hand: `ssh USER@HOST`. A unit that was held by this goes on with `nightshift resume`.',
  },
  'auth-refused': {
    title: 'A device refused the login',
    why: 'Every offered method was refused. No further try was made with this account, so that it is not locked.',
    mend: 'Check the account and its secret. After mending, run the command again.',
  },
  'login-question': {
    title: 'A login asks a question that Nightshift does not answer',
    why: 'Besides the password, the device or jump host asks for something else: a one-time code, a new password. The password was not guessed into it, and nothing was changed. Work at night cannot wait for a code.',
    mend: 'Give Nightshift an account that needs no second factor (an SSH key from the address of this machine, say), or a policy exception for it; renew an expired password by hand.',
  },
  'host-key-unknown': {
    title: 'The SSH host key of a device is not known yet',
    why: 'First contact must be accepted by a person once; the acceptance is recorded.',
    mend: 'Compare the fingerprint with the device console, then `nightshift trust NAME --reason "..."`.',
  },
  'host-key-changed': {
    title: 'The SSH host key of a device has changed',
    why: 'The device answers with another key than the pinned one. Nothing is changed on it until a person accepts the key.',
    mend: 'Find out why (replaced, re-imaged, or another machine?), then `nightshift trust NAME --reason "..."`.',
  },
  'no-common-algorithm': {
    title: 'No common SSH algorithm',
    why: 'The device offers only algorithms that are off unless asked for; the message names them.',
    mend: 'Set `ssh: { algorithms: legacy }` on the device or its group if you accept the risk, or `algorithms: platform` to follow what each driver says its platform needs. Better: renew the SSH settings of the device.',
  },
  'no-prompt': {
    title: 'A device never showed a prompt',
    why: 'The login worked but no known prompt came within the limit, or the output was garbage.',
    mend: 'Log in by hand and look; is the platform in the inventory right?',
  },
  'session-limit': {
    title: 'A command ran into a limit',
    why: 'Idle time, total time or output size was exceeded. What the device did is unknown until it is observed.',
    mend: 'Look at the transcript named in the report.',
  },
  'line-not-permitted': {
    title: 'A command outside the approved step was stopped',
    why: 'The session lets through only lines of the current step, its rollback, or declared read-only commands.',
    mend: 'This is a bug of the driver; report it with the transcript.',
  },
  'unknown-dialog': {
    title: 'A device asked a question that the step does not expect',
    why: 'The question was not answered. The unit is held.',
    mend: 'Read the question in the transcript and decide by hand.',
  },
  'garbled-answer': {
    title: 'A device gave an answer that cannot be read',
    why: 'The output of a command did not have the expected form.',
    mend: 'Look at the transcript; if the device is healthy, report the output.',
  },
  'platform-unknown': {
    title: 'The platform of a device is not known',
    why: 'Neither SNMP nor the CLI gave evidence that a driver recognises.',
    mend: 'Check the device, or name its platform in devices; `nightshift inventory list -o wide` shows the evidence.',
  },
  'image-unknown': {
    title: 'No image for this platform, model and version',
    why: 'The image catalogue has no entry that fits.',
    mend: 'Add it to images in the inventory, or run `nightshift images list`.',
  },
  'image-hash-wrong': {
    title: 'The hash of an image differs from the catalogue',
    why: 'The file on disk or on the device is not the one that was catalogued. It will not be booted.',
    mend: 'Fetch the image again and compare its SHA-512 with the vendor page.',
  },
  'flash-full': {
    title: 'Not enough free space for the image',
    why: 'Free space was computed before the copy and does not suffice. Nothing was copied or deleted.',
    mend: 'Make room by hand; the message names member, file system, need and free bytes.',
  },
  'plan-refused': {
    title: 'The plan cannot be made',
    why: 'No unit fits its windows, or the plan would take down both members of a redundancy group.',
    mend: 'Each reason names the unit and the rule.',
  },
  'plan-not-found': {
    title: 'No such plan',
    why: 'The name or digest matches no stored plan, or more than one.',
    mend: 'Run `nightshift plan list`.',
  },
  'plan-tampered': {
    title: 'The stored plan was altered',
    why: 'Its content does not match its digest. It cannot be approved or run.',
    mend: 'Make the plan again; find out who edited the state directory.',
  },
  'journal-tampered': {
    title: 'The journal was altered',
    why: 'The hash chain of the run journal is broken at the named record.',
    mend: 'Restore the state directory from a backup. Check each unit by hand before any new run.',
  },
  'plan-stale': {
    title: 'The plan is stale',
    why: 'What was approved is no longer what is there: a fact, the roster, an image, a window or a group changed.',
    mend: 'Make a new plan and have it approved.',
  },
  'not-approved': {
    title: 'The plan is not approved',
    why: 'Approvals are missing, expired, withdrawn, or from people who may not approve this plan.',
    mend: '`nightshift review show PLAN` lists what is missing.',
  },
  'evidence-missing': {
    title: 'The journal does not show enough of this platform and model',
    why: 'The playbook demands under approval.evidence that such devices were observed, staged or upgraded before, on real devices.',
    mend: 'Climb one rung: `nightshift run PLAN --observe`, then `nightshift stage PLAN`, then an upgrade of one unit with --limit.',
  },
  'lab-evidence-missing': {
    title: 'The plan has not passed the lab',
    why: 'The approval policy demands a passed rehearsal of exactly this plan.',
    mend: 'Run `nightshift lab run PLAN`.',
  },
  'signature-invalid': {
    title: 'A signature does not verify',
    why: 'The signed content or the key is not the expected one.',
    mend: 'Sign again with the key whose public half is in people.',
  },
  'key-unusable': {
    title: 'A signing key cannot be used',
    why: 'The key file is missing, readable by others, has another passphrase, or the ssh-agent does not hold it.',
    mend: 'Mode 0600, right passphrase; `nightshift review keygen` makes a new key.',
  },
  'outside-window': {
    title: 'Outside the maintenance window',
    why: 'No window of the plan is open, or a freeze is in force.',
    mend: '`nightshift windows list --next 5` shows when the next one opens.',
  },
  'clock-jumped': {
    title: 'The clock was set during the run',
    why: 'The clock of this machine was set, or the machine slept: by a wrong clock no window can be kept. Nothing new was begun.',
    mend: 'Look at the time and at its source, then `nightshift resume RUN --reason "..."`: the clock counts from there on.',
  },
  'state-locked': {
    title: 'Another runner holds the state directory',
    why: 'One runner works in a state directory at a time.',
    mend: 'The message names the holder; use `nightshift attach` to watch it.',
  },
  'state-unwritable': {
    title: 'The state directory cannot be written',
    why: 'The disk is full, read-only, or the directory belongs to somebody else. No change was sent to any device after it.',
    mend: 'Make room or mend the rights, then `nightshift resume RUN --reason "..."`.',
  },
  'state-occupied': {
    title: 'There is something already where the backup would go',
    why: 'A restore never writes over a state, nor over a key.',
    mend: 'Name another directory with --state, or move the old state aside with --replace.',
  },
  'backup-invalid': {
    title: 'The backup cannot be used',
    why: 'The file is no backup, is damaged, was cut off, or is there already where a new one was to be written.',
    mend: 'Take another backup; `nightshift state verify FILE` checks one.',
  },
  'backup-not-found': {
    title: 'No such backup of a configuration',
    why: 'No run got so far as to keep the configuration of this unit, or it was pruned since.',
    mend: '`nightshift history` lists the runs; only those that changed the unit, or looked at it, have its configuration.',
  },
  'state-unreadable': {
    title: 'The state directory cannot be read',
    why: 'The database is damaged, or was written by a newer version.',
    mend: 'Restore the backup, or use the newer version.',
  },
  'too-many-failures': {
    title: 'The run stopped: its failure budget is spent',
    why: 'As many units failed as strategy.stopAfterFailures allows. Units under way were finished, no other is started.',
    mend: 'Find the cause in the report; then `nightshift resume RUN --reason "..."`, or make a new plan.',
  },
  'run-not-found': {
    title: 'No such run',
    why: 'The name matches no run in the state directory.',
    mend: 'Run `nightshift history`.',
  },
  'run-not-resumable': {
    title: 'The run cannot go on',
    why: 'It is over, or the plan was not the one that it began with.',
    mend: 'A unit that failed needs a new plan.',
  },
  'notice-not-found': {
    title: 'No such notice, or nothing to acknowledge',
    why: 'The name is neither a notice nor a run, or every notice of the run that needs a person is acknowledged already.',
    mend: '`nightshift notices list` shows the notices with their names.',
  },
  'notice-undelivered': {
    title: 'A notice could not be delivered',
    why: 'The mail server or webhook refused it, did not answer in time, or its secret could not be fetched. The run is not affected: the notice is kept and tried again for some hours.',
    mend: 'Mend what the message names, then `nightshift notices test CHANNEL`, then `nightshift notices retry`.',
  },
  'service-unusable': {
    title: 'The systemd unit cannot be installed',
    why: 'A path cannot stand in a unit file, or the folder of the units cannot be written.',
    mend: 'Use paths without blanks, quotes, percent and dollar signs; for --system, be root, or write what `nightshift service print` gives by other means.',
  },
  'lab-fault': {
    title: 'The lab could not be started or reached',
    why: 'An address or port is taken, or the lab process is gone.',
    mend: '`nightshift lab down`, then `nightshift lab up` again.',
  },
  'driver-broken': {
    title: 'A driver breaks its contract',
    why: 'A step that changes a device has no probe, or a kind@version is not known to this build.',
    mend: 'Use the build that made the plan, or make a new plan.',
  },
  usage: {
    title: 'The command line cannot be understood',
    why: 'An option or argument is unknown, missing or has a wrong form.',
    mend: 'Add --help to see what the command takes.',
  },
} as const satisfies Record<string, FaultPage>;

export type FaultCode = keyof typeof pages;

export const faultPages: Readonly<Record<FaultCode, FaultPage>> = pages;

/** Is this a code that `explain` knows? */
export function isFaultCode(text: string): text is FaultCode {
  return Object.hasOwn(pages, text);
}
