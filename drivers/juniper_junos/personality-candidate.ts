import type { SimDevice, SimPort } from '../../src/driver/personality.js';
import { activeAt, type ConfigNode, type ConfigTree, valueAt } from './personality-config.js';
import { parseConfig, renderConfig } from './personality-config-text.js';
import { placeOf } from './personality-mode.js';
import { readOwn, type Turn, withOwn } from './personality-state.js';

export function committedTree(device: SimDevice): ConfigTree {
  return parseConfig(device.runningConfig);
}

function isHolding(turn: Turn): boolean {
  const { ticket } = placeOf(turn.shell);
  return ticket > 0 && readOwn(turn.device).holder === ticket;
}

/** The text that this shell edits. */
export function candidateText(turn: Turn): string {
  const own = readOwn(turn.device);
  const text = isHolding(turn) ? own.heldCandidate : own.candidate;
  return text === '' ? turn.device.runningConfig : text;
}

export function candidateTree(turn: Turn): ConfigTree {
  return parseConfig(candidateText(turn));
}

export function isChanged(turn: Turn): boolean {
  return candidateText(turn) !== turn.device.runningConfig;
}

export function withCandidate(turn: Turn, tree: ConfigTree): SimDevice {
  const text = renderConfig(tree);
  const kept = text === turn.device.runningConfig ? '' : text;
  return withOwn(turn.device, isHolding(turn) ? { heldCandidate: kept } : { candidate: kept });
}

/** A statement of the tree itself, or of a group that is applied at the top. Groups called re0 and re1 are one engine's own. */
function inherited(
  tree: ConfigTree,
  engine: string,
  names: readonly string[],
): ConfigNode | undefined {
  const own = activeAt(tree, names);
  if (own) return own;
  const groups = activeAt(tree, ['apply-groups'])?.values ?? [];
  for (const group of groups) {
    if (/^re\d$/.test(group) && group !== engine) continue;
    const found = activeAt(tree, ['groups', group, ...names]);
    if (found) return found;
  }
  return undefined;
}

const unquoted = (text: string) => text.replace(/^"(.*)"$/, '$1');

/** What of the configuration makes the device send traffic elsewhere. */
const DRAINS: readonly (readonly string[])[] = [
  ['protocols', 'ospf', 'overload'],
  ['protocols', 'isis', 'overload'],
  ['protocols', 'bgp', 'graceful-shutdown', 'sender'],
];

/** Name, port settings and drain, which the rest of the device takes from what is committed. */
export function followConfig(device: SimDevice): SimDevice {
  const tree = committedTree(device);
  const { master } = readOwn(device);
  const name = inherited(tree, master, ['system', 'host-name'])?.values[0] ?? '';
  return {
    ...device,
    hostname: unquoted(name),
    drained: DRAINS.some((names) => inherited(tree, master, names) !== undefined),
    ports: device.ports.map((port) => followPort(port, tree)),
  };
}

function followPort(port: SimPort, tree: ConfigTree): SimPort {
  const way = ['interfaces', port.name];
  const admin = activeAt(tree, [...way, 'disable']) === undefined ? 'up' : 'down';
  const description = unquoted(valueAt(tree, [...way, 'description']) ?? '');
  if (port.admin === admin && port.description === description) return port;
  return { ...port, admin, description };
}

export function isSynchronized(device: SimDevice): boolean {
  return activeAt(committedTree(device), ['system', 'commit', 'synchronize']) !== undefined;
}

export function hasGracefulSwitchover(device: SimDevice): boolean {
  return (
    activeAt(committedTree(device), ['chassis', 'redundancy', 'graceful-switchover']) !== undefined
  );
}
