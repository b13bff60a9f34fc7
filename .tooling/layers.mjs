// Checks who imports whom, and that the check has really read every source file.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import configuration from '../.dependency-cruiser.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

function sourcesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(root, entry.parentPath, entry.name)));
}

const folders = ['src', 'drivers', 'lab'].filter((folder) => existsSync(folder));
const sources = folders.flatMap(sourcesUnder);
const { output } = await cruise(folders, {
  ...configuration.options,
  validate: true,
  ruleSet: { forbidden: configuration.forbidden },
});

const read = new Set(output.modules.map((module) => module.source));
const unread = sources.filter((source) => !read.has(source));
for (const source of unread) console.error(`${source}: not read by the layer check`);
const imports = output.modules
  .filter((module) => /^(src|drivers|lab)\//.test(module.source))
  .reduce((sum, module) => sum + module.dependencies.length, 0);
if (sources.length > 20 && imports < sources.length / 2) {
  console.error(
    `only ${imports} imports seen in ${sources.length} files: the parser reads nothing`,
  );
  process.exit(1);
}

const comments = new Map(configuration.forbidden.map((rule) => [rule.name, rule.comment]));
for (const violation of output.summary.violations) {
  const { name } = violation.rule;
  const comment = comments.get(name);
  const through = violation.cycle?.map((step) => step.name).join(' -> ') ?? violation.to;
  console.error(`${violation.from} -> ${through}: ${name}${comment ? ` (${comment})` : ''}`);
}
const faults = output.summary.violations.length + unread.length;
console.log(`${sources.length} files, ${imports} imports, ${faults} violations`);
process.exit(faults === 0 ? 0 : 1);
