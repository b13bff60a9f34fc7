import type { Command } from 'commander';
import { defineRequest } from '../ask-runner.js';
import type { Invocation } from '../invocation.js';

export function define(program: Command, invocation: Invocation): void {
  const description = 'begin nothing new; units being changed come to a safe point first';
  defineRequest(program, invocation, { kind: 'pause', description });
}
