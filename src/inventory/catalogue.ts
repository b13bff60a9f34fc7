import { posix } from 'node:path';
import { personId } from '../kernel/id.js';
import type { Declarations, Declared, ImageFileEntry } from './entries.js';
import type { Findings } from './findings.js';
import type { ImageEntry, Person } from './inventory.js';

const KEY_KIND = 'ssh-ed25519';
const KEY_BYTES = 32;

function imageOf(declared: Declared<ImageFileEntry>, findings: Findings): ImageEntry {
  const { value } = declared;
  const fileName = value.fileName ?? posix.basename(value.path);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(fileName)) {
    const message = 'the file name cannot be used on a device';
    const mend = 'letters, digits, dot, dash and underscore; or give `fileName`';
    findings.report(declared.at('path'), message, mend);
  }
  return {
    name: declared.name,
    platform: value.platform,
    models: value.models ?? [],
    version: value.version,
    path: value.path,
    fileName,
    sizeBytes: value.sizeBytes,
    sha512: value.sha512.toLowerCase(),
    md5: value.md5.toLowerCase(),
    from: value.from ?? [],
    golden: value.golden ?? false,
  };
}

/** The images, their paths as written. */
export function resolveImages(
  declarations: Declarations,
  findings: Findings,
): readonly ImageEntry[] {
  return declarations.images.map((declared) => imageOf(declared, findings));
}

/** The images with their paths from the folder. */
export function locateImages(
  images: readonly ImageEntry[],
  directory: string,
): readonly ImageEntry[] {
  return images.map((image) => ({
    ...image,
    path: posix.isAbsolute(image.path) ? image.path : posix.join(directory, image.path),
  }));
}

/** The 32 bytes of the key in base64; undefined when the text holds none. */
function keyOf(publicKey: string): string | undefined {
  const [, encoded = ''] = publicKey.split(' ');
  const bytes = Buffer.from(encoded, 'base64');
  const head = Buffer.concat([
    Buffer.from([0, 0, 0, KEY_KIND.length]),
    Buffer.from(KEY_KIND),
    Buffer.from([0, 0, 0, KEY_BYTES]),
  ]);
  const isKey =
    bytes.length === head.length + KEY_BYTES && bytes.subarray(0, head.length).equals(head);
  return isKey ? bytes.subarray(head.length).toString('base64') : undefined;
}

/** The people. A key belongs to one person: else one could sign for two. */
export function resolvePeople(declarations: Declarations, findings: Findings): readonly Person[] {
  const owners = new Map<string, string>();
  return declarations.people.map((declared) => {
    const { name, role, publicKey, mail, mayApprove } = declared.value;
    const person = {
      id: personId(declared.name),
      name,
      role,
      mayApprove: mayApprove ?? role !== 'engineer',
      ...(mail === undefined ? {} : { mail }),
    };
    if (publicKey === undefined) return person;
    const key = keyOf(publicKey);
    const owner = key === undefined ? undefined : owners.get(key);
    if (key === undefined) {
      const mend = 'copy the line of the .pub file whole';
      findings.report(declared.at('publicKey'), 'this is not an ssh-ed25519 public key', mend);
    } else if (owner !== undefined) {
      const message = `this is also the key of \`${owner}\``;
      findings.report(declared.at('publicKey'), message, 'each person has a key of their own');
    } else owners.set(key, declared.name);
    return { ...person, publicKey };
  });
}
