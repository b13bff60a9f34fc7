import { spawnSync } from 'node:child_process';
import { describe, test } from '@jest/globals';

/** Is a program of somebody else's on this machine? The CI installs all of them; a bare machine may lack them. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

/** Tests that need the programs of OpenSSH. */
export const withOpenSsh =
  hasProgram('ssh-agent') && hasProgram('ssh-keygen') && hasProgram('ssh-add');
export const testOpenSsh = withOpenSsh ? test : test.skip;
export const describeOpenSsh = withOpenSsh ? describe : describe.skip;
