import { hostError } from './address.js';
import type { Declarations, Declared, JumpHostEntry, Settings } from './entries.js';
import type { Findings } from './findings.js';
import type { JumpHost } from './inventory.js';
import { nearest } from './settings.js';

export type JumpHosts = ReadonlyMap<string, JumpHost>;

function jumpHostOf(declared: Declared<JumpHostEntry>, findings: Findings): JumpHost {
  const { host, ssh } = declared.value;
  const wrong = hostError(host);
  if (wrong !== undefined) {
    const mend = 'write one IPv4 or IPv6 address, or a host name';
    findings.report(declared.at('host'), `\`${host}\` ${wrong}`, mend);
  }
  if (ssh.username === undefined) {
    const message = `jump host \`${declared.name}\` has no \`ssh.username\``;
    const mend = 'a jump host inherits nothing: no password of a device is ever shown to it';
    findings.report(declared.at('ssh'), message, mend);
  }
  if (ssh.password === undefined && ssh.key === undefined && ssh.agent !== true) {
    const message = `jump host \`${declared.name}\` has no way to log in`;
    findings.report(declared.at('ssh'), message, 'give `password`, `key` or `agent` under `ssh`');
  }
  const { name } = declared;
  const { username = '', port = 22, agent = false } = ssh;
  return { name, host, ssh: { ...ssh, username, port, agent } };
}

/** The jump hosts by name. One name is never both a jump host and a device: both are trusted by name. */
export function resolveJumpHosts(declarations: Declarations, findings: Findings): JumpHosts {
  const taken = new Set([...declarations.devices, ...declarations.units].map((each) => each.name));
  return new Map(
    declarations.jumpHosts.map((declared) => {
      if (taken.has(declared.name)) {
        const message = `the jump host \`${declared.name}\` has the name of a device or unit`;
        findings.report(declared.place, message, 'give it a name of its own');
      }
      return [declared.name, jumpHostOf(declared, findings)];
    }),
  );
}

/** The jump hosts on the way to a device, the nearest to us first; undefined when it is reached directly. */
export function jumpOf(
  layers: readonly Settings[],
  hosts: JumpHosts,
): readonly JumpHost[] | undefined {
  const way = (nearest(layers, 'jump') ?? []).flatMap((name) => hosts.get(name) ?? []);
  return way.length > 0 ? way : undefined;
}
