import type { Command } from 'commander';
import { shortDigest } from '../../kernel/digest.js';
import { recall } from '../../kernel/recall.js';
import type { DecisionKind } from '../../review/approval.js';
import type { Standing } from '../../review/review.js';
import { required, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { planText } from '../plan-text.js';
import {
  addSigningOptions,
  keyOf,
  passphraseOption,
  passphraseRef,
  personOf,
  type SigningOptions,
} from '../signing.js';
import { standingText } from '../standing-text.js';
import { cleanJson } from '../visible.js';
import { waysInLines, waysInOf } from '../ways-in.js';

type Verb = Exclude<DecisionKind, 'author'>;

interface DecideOptions extends SigningOptions {
  readonly reason?: string;
}

const DONE: Record<Verb, string> = {
  approve: 'approved',
  reject: 'rejected',
  withdraw: 'withdrawn',
};

async function show(desk: Desk, name: string): Promise<void> {
  const app = await desk.app('read');
  const plan = await app.findPlan(name);
  const standing = await app.standing(plan, await desk.inventory(app));
  const { out } = desk;
  // Redacted before it is laid out: a secret broken over two lines would be found by nobody.
  const clean = recall<Standing>(cleanJson(standing, desk.redact));
  const { plan: cleanPlan, ...rest } = clean;
  const waysIn = await waysInOf(desk, plan);
  const nowMs = app.world.clock.now();
  out.value({ digest: plan.digest, mayRun: rest.obstacles.length === 0, waysIn, ...rest }, () => [
    ...planText(cleanPlan, 'brief', out),
    ...waysInLines(waysIn, nowMs, out),
    '',
    ...standingText(clean, out),
  ]);
  if (desk.settings.format === 'table') {
    out.say(`the whole of it: nightshift plan show ${shortDigest(plan.digest)} --full`);
  }
}

async function decide(
  desk: Desk,
  verb: Verb,
  about: { readonly name: string; readonly options: DecideOptions },
): Promise<void> {
  const { options } = about;
  const by = personOf(desk, options);
  const reason = required(options.reason, '--reason', 'why, for the record and the author');
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const plan = await app.findPlan(about.name);
  const key = await keyOf(desk, options, { inventory, person: by });
  if (!key) return void required(undefined, '--key FILE or --agent', 'a decision needs a key');
  await app.decide(plan, inventory, { by, decision: verb, reason, key });
  desk.out.say(`plan ${shortDigest(plan.digest)}: ${DONE[verb]} by ${by}`);
  const { obstacles } = await app.standing(plan, inventory);
  if (obstacles.length === 0) {
    desk.out.say(`it may run: nightshift run ${shortDigest(plan.digest)}`);
  }
  for (const each of obstacles) desk.out.tell(`still open: ${each.why}`);
}

interface KeygenOptions {
  readonly as?: string;
  readonly out?: string;
  readonly passphrase?: string;
}

async function keygen(desk: Desk, options: KeygenOptions): Promise<void> {
  const person = personOf(desk, options.as === undefined ? {} : { as: options.as });
  const path = required(options.out, '--out FILE', 'where the private key goes');
  const app = await desk.app('read');
  const question = `New passphrase for ${path}: `;
  const reference = await passphraseRef(desk, options.passphrase, question);
  const line = await app.world.signer.generate(path, reference, person);
  desk.out.lines([line]);
  desk.out.say(`the private key is in ${path}; the line above belongs to ${person} in people`);
}

export function define(program: Command, invocation: Invocation): void {
  const review = program
    .command('review')
    .description('show how a plan stands; approve, reject, withdraw');
  const PLAN = 'its digest or the beginning of it, its playbook, or last';
  review
    .command('show')
    .description('show who decided what on a plan, and what is missing')
    .argument('<plan>', PLAN)
    .action((name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => show(desk, name)),
    );
  const verbs: Readonly<Record<Verb, string>> = {
    approve: 'approve exactly this plan',
    reject: 'reject this plan',
    withdraw: 'take your approval or rejection back',
  };
  for (const verb of ['approve', 'reject', 'withdraw'] as const) {
    const command = review.command(verb).description(verbs[verb]).argument('<plan>', PLAN);
    addSigningOptions(command)
      .option('--reason <text>', 'why; required')
      .action((name: string, options: DecideOptions, self: Command) =>
        invocation.act(self, (desk) => decide(desk, verb, { name, options })),
      );
  }
  review
    .command('keygen')
    .description('make a signing key: the private half encrypted, the public line on stdout')
    .option('--as <person>', 'whose key it is')
    .option('--out <file>', 'where the private key goes, mode 0600')
    .addOption(passphraseOption())
    .action((options: KeygenOptions, command: Command) =>
      invocation.act(command, (desk) => keygen(desk, options)),
    );
}
