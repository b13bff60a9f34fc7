import type { Command } from 'commander';
import { defineRequest } from '../ask-runner.js';
import type { Invocation } from '../invocation.js';

export function define(program: Command, invocation: Invocation): void {
  const description =
    'end the run: what is being changed is finished or rolled back, the rest is left';
  defineRequest(program, invocation, { kind: 'abort', description });
}
