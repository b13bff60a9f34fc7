// npm leaves optional packages for other platforms out of package-lock.json where its registry does
// not carry them, and "npm ci" then calls the file out of date. This puts them back: name, version
// and the platform they are for. Run it after every "npm install NAME".
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

const systems = /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b/;
const processors =
  /\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)(?=$|[^a-z0-9]|eabi|le)/;
const libraries = { gnu: 'glibc', musl: 'musl' };

function platformOf(name) {
  const parts = name.replaceAll(/[@/]/g, '-');
  const system = systems.exec(parts)?.[1];
  const processor = processors.exec(parts)?.[1];
  const library = /-(gnu|musl)(eabi|eabihf)?$/.exec(parts)?.[1];
  return {
    cpu: processor && [processor],
    libc: library && [libraries[library]],
    os: system && [system],
  };
}

function isPresent(name, dependent) {
  for (let path = dependent; ; path = path.slice(0, path.lastIndexOf('/node_modules/'))) {
    if (lock.packages[`${path}/node_modules/${name}`] !== undefined) return true;
    if (!path.includes('/node_modules/')) break;
  }
  return lock.packages[`node_modules/${name}`] !== undefined;
}

let added = 0;
for (const [dependent, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const version = range.replace(/^[\^~]/, '');
    if (isPresent(name, dependent) || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue;
    const platform = platformOf(name);
    if (platform.os === undefined && platform.cpu === undefined) {
      console.error(`${name}, wanted by ${dependent}, is missing, and its name tells no platform`);
      process.exitCode = 1;
      continue;
    }
    const { cpu, libc, os } = platform;
    // In npm's own order of keys, so that the next "npm install" changes nothing here.
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      dev: entry.dev,
      libc,
      optional: true,
      os,
    };
    added += 1;
  }
}
// As npm sorts, the root entry first.
const byPath = ([a], [b]) => a.localeCompare(b, 'en');
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(byPath));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages for other platforms added to package-lock.json`);
