import type { ErrorObject } from 'ajv';
import type { JsonObject } from '../kernel/json.js';
import { objectionOf, pathOf } from './finding.js';
import type { Objection } from './finding.js';
import { schemaErrors } from './schema.js';

/** Keywords whose own errors only sum up those of the schemas below them. */
const SUMMARIES = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'not']);

function choiceOf(error: ErrorObject): string | undefined {
  return /^(.*\/(?:anyOf|oneOf))\/\d+(?:\/|$)/.exec(error.schemaPath)?.[1];
}

function branchOf(error: ErrorObject): string {
  return /^.*\/(?:anyOf|oneOf)\/\d+/.exec(error.schemaPath)?.[0] ?? '';
}

/** How near a branch of a choice is to what was meant: deep errors mean that the outside fitted. */
function nearness(errors: readonly ErrorObject[]): number {
  const depths = errors.map((error) => pathOf(error.instancePath).length);
  const wrongKind = errors.some((error) => error.keyword === 'type' || error.keyword === 'const');
  return Math.max(0, ...depths) * 1000 - errors.length - (wrongKind ? 500 : 0);
}

function grouped(
  errors: readonly ErrorObject[],
  keyOf: (error: ErrorObject) => string,
): readonly (readonly ErrorObject[])[] {
  const groups = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const group = groups.get(keyOf(error));
    if (group) group.push(error);
    else groups.set(keyOf(error), [error]);
  }
  return [...groups.values()];
}

function nearestBranch(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  return [...grouped(errors, branchOf)].sort((a, b) => nearness(b) - nearness(a))[0] ?? [];
}

/** Of each choice between schemas, only the errors of the branch that was most likely meant. */
function withoutOtherBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const plain = errors.filter((error) => choiceOf(error) === undefined);
  const choices = grouped(
    errors.filter((error) => choiceOf(error) !== undefined),
    (error) => `${error.instancePath.split('/')[1] ?? ''} ${choiceOf(error) ?? ''}`,
  );
  return [...plain, ...choices.flatMap(nearestBranch)];
}

/** Errors about a key's own form come with a `propertyNames` error that says it. */
function isTold(error: ErrorObject): boolean {
  return !SUMMARIES.has(error.keyword) && error.propertyName === undefined;
}

/** Everything that the schema has against the value. */
export function objections(
  schema: JsonObject,
  value: unknown,
  sourceAt: (path: readonly string[]) => string,
): readonly Objection[] {
  const errors = withoutOtherBranches(schemaErrors(schema, value)).filter(isTold);
  return errors.map((error) => objectionOf(error, sourceAt(pathOf(error.instancePath))));
}
