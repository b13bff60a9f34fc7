// Writes the two lists that name the platforms: the drivers for the program, the personalities for
// the lab. With --check it writes nothing and fails if a list is out of date.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lists = [
  { file: 'src/driver-loaders.ts', name: 'driverLoaders', from: '../drivers', module: 'index' },
  {
    file: 'lab/world/personality-loaders.ts',
    name: 'personalityLoaders',
    from: '../../drivers',
    module: 'personality',
  },
];

function platformsWith(module) {
  const drivers = join(root, 'drivers');
  if (!existsSync(drivers)) return [];
  return readdirSync(drivers, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((platform) => existsSync(join(drivers, platform, `${module}.ts`)))
    .toSorted();
}

function sourceOf(list) {
  const lines = platformsWith(list.module).map(
    (platform) => `  ${platform}: () => import('${list.from}/${platform}/${list.module}.js'),`,
  );
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n}`;
  return `// Generated from the folders under drivers/ by "npm run generate": do not edit.\nexport const ${list.name} = ${body} as const;\n`;
}

let isCurrent = true;
for (const list of lists) {
  const path = join(root, list.file);
  const source = sourceOf(list);
  if (existsSync(path) && readFileSync(path, 'utf8') === source) continue;
  if (process.argv.includes('--check')) {
    isCurrent = false;
    console.error(`${list.file} is out of date: run npm run generate`);
    continue;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source);
  console.log(`wrote ${list.file}`);
}
process.exit(isCurrent ? 0 : 1);
