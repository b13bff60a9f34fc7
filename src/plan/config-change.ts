import { applyLines } from '../config/apply.js';
import { diffConfig } from '../config/diff.js';
import { formatDiff } from '../config/diff-text.js';
import { isEmptyDelta } from '../config/delta.js';
import { parseConfig } from '../config/parse.js';
import { patchLines } from '../config/patch.js';
import type { ConfigTree } from '../config/tree.js';
import { digestText } from '../kernel/digest.js';
import type { Json } from '../kernel/json.js';
import type { ConfigSupport } from '../driver/config-support.js';
import type { ConfigPatch } from '../playbook/playbook.js';
import { renderTemplate, type Rendered } from '../playbook/render.js';
import type { PlannedConfig } from './plan.js';
import { refused, type Candidate, type NoChange, type UnitChange } from './unit-change.js';

const MINUTE_MS = 60_000;
/** Beside the post-checks: typing the lines, and asking again after a break. */
const REVERT_SPARE_MS = 10 * MINUTE_MS;
const CONTEXT_LINES = 2;
const IDLE_SHOWN_MAX = 3;

/** What the templates may use: the patch's own values, the inventory's over them, and the unit itself. */
function valuesOf(patch: ConfigPatch, { unit, seen }: Candidate): Readonly<Record<string, Json>> {
  const { device } = unit;
  return {
    ...patch.vars,
    ...device.vars,
    unit: {
      id: unit.id,
      site: device.site,
      host: device.host,
      role: device.role ?? '',
      groups: [...device.groups],
      hostname: seen.facts.hostname,
      platform: seen.facts.platform,
      model: seen.facts.model,
      version: seen.facts.runningVersion,
    },
  };
}

/** The template for the unit's platform, or the one for all. */
function templateFor({ templates }: ConfigPatch, { seen }: Candidate) {
  return (
    templates.find((each) => each.platform === seen.facts.platform) ??
    templates.find((each) => each.platform === undefined)
  );
}

function render(patch: ConfigPatch, candidate: Candidate): Rendered {
  const { platform } = candidate.seen.facts;
  const template = templateFor(patch, candidate);
  if (!template) return { kind: 'refused', why: `${patch.name} has no template for ${platform}` };
  const rendered = renderTemplate(template.text, valuesOf(patch, candidate));
  if (rendered.kind === 'lines') return rendered;
  return { kind: 'refused', why: `${template.file}: ${rendered.why}` };
}

interface Patched {
  readonly tree: ConfigTree;
  /** Rendered lines that change nothing. */
  readonly idle: readonly string[];
}

/** All patches over the running config; a refusal names the patch and the line. */
function patched(
  start: ConfigTree,
  support: ConfigSupport,
  candidate: Candidate,
): Patched | NoChange {
  let tree = start;
  const idle: string[] = [];
  for (const patch of candidate.playbook.config) {
    const rendered = render(patch, candidate);
    if (rendered.kind === 'refused') return refused(rendered.why);
    const stray = rendered.lines.find((line) =>
      support.rules.forbidden.some((each) => each.test(line.trim())),
    );
    if (stray !== undefined) {
      return refused(
        `${patch.name}: "${stray.trim()}" is no configuration: a patch only changes it`,
      );
    }
    const applied = applyLines(tree, rendered.lines, support.rules);
    if (applied.kind === 'malformed') {
      const [first] = applied.findings;
      return refused(`${patch.name}: rendered line ${first?.line}: ${first?.why}`);
    }
    tree = applied.tree;
    const without = applied.idle.flatMap((line) => rendered.lines[line - 1] ?? []);
    idle.push(...without.map((line) => withoutHashes(line.trim(), support)));
  }
  return { tree, idle };
}

/** The configuration as it runs, if it is known, current, and whole enough to work from. */
function runningTree(candidate: Candidate, support: ConfigSupport): ConfigTree | NoChange {
  const { running, seen } = candidate;
  if (running === undefined)
    return refused('its running config was not kept: fingerprint it again');
  if (running.digest !== seen.configDigest) {
    return refused('the kept running config is not that of its fingerprint: fingerprint it again');
  }
  const parsed = parseConfig(running.text, support.rules);
  if (parsed.kind === 'tree') return parsed.tree;
  const [first] = parsed.findings;
  return refused(`its running config cannot be read: line ${first?.line}: ${first?.why}`);
}

/** A line as the board may read it: hashed secrets replaced, visibly. */
function withoutHashes(text: string, { rules }: ConfigSupport): string {
  return rules.masks.reduce(
    (line, { match, replacement }) =>
      replacement === undefined ? line : line.replace(match, replacement),
    text,
  );
}

interface Worked {
  readonly before: ConfigTree;
  readonly after: ConfigTree;
  readonly idle: readonly string[];
  readonly support: ConfigSupport;
  readonly checksWorstMs: number;
}

function nothingIn(idle: readonly string[]): NoChange {
  const why = 'has the configuration already';
  if (idle.length === 0) return { kind: 'nothing to do', why };
  const shown = idle.slice(0, IDLE_SHOWN_MAX).join(', ');
  const more = idle.length > IDLE_SHOWN_MAX ? ` and ${idle.length - IDLE_SHOWN_MAX} more` : '';
  return { kind: 'nothing to do', why: `${why}; no effect: ${shown}${more}` };
}

function proposed(candidate: Candidate, worked: Worked): UnitChange | NoChange {
  const { before, after, idle, support, checksWorstMs } = worked;
  const { unit, seen, playbook } = candidate;
  const delta = diffConfig(before, after, support.rules);
  if (isEmptyDelta(delta)) return nothingIn(idle);
  const apply = patchLines(before, after, support.rules);
  const revert = patchLines(after, before, support.rules);
  if ([...apply, ...revert].some((line) => line.includes('<secret>'))) {
    return refused('the patch touches a line that holds one of our own secrets: change it by hand');
  }
  const guarded = support.guard({ before, after, delta, managementAddress: unit.device.host });
  const revertAfterMs = Math.ceil((checksWorstMs + REVERT_SPARE_MS) / MINUTE_MS) * MINUTE_MS;
  const change = { apply, revert, delta, revertAfterMs, guarded };
  const proposal = support.propose(change, seen.facts);
  if (proposal.kind === 'refused') return refused(`${proposal.why} (${proposal.mend})`);
  const config: PlannedConfig = {
    patches: playbook.config.map((patch) => ({
      name: templateFor(patch, candidate)?.file ?? patch.name,
      digest: digestText(JSON.stringify([patch.templates, patch.vars])),
    })),
    diff: formatDiff(before, after, support.rules, { context: CONTEXT_LINES }).map((line) => ({
      ...line,
      text: withoutHashes(line.text, support),
    })),
    delta,
    ...(idle.length > 0 ? { idle } : {}),
    guarded,
    revertBy: support.revertBy(seen.facts),
    revertAfterMs,
  };
  const { runningVersion } = seen.facts;
  return {
    fromVersion: runningVersion,
    toVersion: runningVersion,
    images: [],
    hops: [],
    config,
    steps: proposal.steps,
    rollback: proposal.rollback,
  };
}

/** The steps that apply the playbook's patches to what runs now, or why there are none. */
export function configChange(candidate: Candidate, checksWorstMs: number): UnitChange | NoChange {
  const { driver, seen } = candidate;
  const support = driver.config;
  if (!support) return refused(`the configuration of ${seen.facts.platform} cannot be patched yet`);
  const before = runningTree(candidate, support);
  if (!('nodes' in before)) return before;
  const after = patched(before, support, candidate);
  if (!('tree' in after)) return after;
  const { tree, idle } = after;
  return proposed(candidate, { before, after: tree, idle, support, checksWorstMs });
}
