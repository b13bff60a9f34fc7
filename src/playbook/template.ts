import Handlebars from 'handlebars';

/** Where a template is wrong, and how. */
export interface TemplateFinding {
  readonly line: number;
  readonly why: string;
  readonly mend: string;
}

/** Marks around inserted values, so that their place in the line can be told afterwards. Private use: in no value. */
export const VALUE_BEGIN = '\uE000';
export const VALUE_END = '\uE001';
/** Stands before a value that runs to the end of its line. */
export const VALUE_TEXT = '\uE002';

const BLOCKS: ReadonlySet<string> = new Set(['if', 'unless', 'each', 'with']);
const INSERTS: ReadonlySet<string> = new Set(['word', 'text', 'quoted']);
const TESTS: ReadonlySet<string> = new Set(['given', 'eq']);

type Node = hbs.AST.Node;

function isPath(node: Node | undefined): node is hbs.AST.PathExpression {
  return node?.type === 'PathExpression';
}

function isCall(node: Node): node is hbs.AST.SubExpression {
  return node.type === 'SubExpression';
}

function isMustache(node: Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement';
}

function isBlock(node: Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement';
}

function found(node: Node, why: string, mend: string): TemplateFinding {
  return { line: node.loc.start.line, why, mend };
}

/** Only our own tests may be called inside a statement. */
function paramFindings(params: readonly Node[]): readonly TemplateFinding[] {
  return params.flatMap((param): readonly TemplateFinding[] => {
    if (!isCall(param)) return [];
    const name = isPath(param.path) ? param.path.original : '';
    const inner = paramFindings(param.params);
    if (TESTS.has(name)) return inner;
    return [found(param, `(${name} ...) is unknown`, 'use (given NAME) or (eq A B)'), ...inner];
  });
}

function mustacheFindings(node: hbs.AST.MustacheStatement): readonly TemplateFinding[] {
  if (!node.escaped) {
    return [found(node, 'a raw value {{{...}}} is not allowed', 'write {{NAME}} or {{text NAME}}')];
  }
  const name = isPath(node.path) ? node.path.original : '';
  if (node.params.length === 0) {
    return isPath(node.path) && !INSERTS.has(name) && !TESTS.has(name)
      ? []
      : [found(node, `{{${name}}} needs the name of a value`, `write {{${name} NAME}}`)];
  }
  if (!INSERTS.has(name)) {
    return [
      found(node, `{{${name} ...}} is unknown`, 'use {{NAME}}, {{text NAME}}, {{quoted NAME}}'),
    ];
  }
  return node.params.length === 1
    ? paramFindings(node.params)
    : [found(node, `{{${name}}} takes one value`, 'write one statement for each value')];
}

function statementFindings(node: Node): readonly TemplateFinding[] {
  if (node.type === 'ContentStatement' || node.type === 'CommentStatement') return [];
  if (isMustache(node)) return mustacheFindings(node);
  if (!isBlock(node)) {
    return [found(node, 'partials and decorators are not allowed', 'write the lines out')];
  }
  const name = isPath(node.path) ? node.path.original : '';
  const inner = [...node.program.body, ...(node.inverse?.body ?? [])].flatMap(statementFindings);
  if (!BLOCKS.has(name) || node.params.length !== 1) {
    const mend = 'use {{#if}}, {{#unless}}, {{#each}} or {{#with}} with one value';
    return [found(node, `{{#${name}}} cannot be used here`, mend), ...inner];
  }
  return [...paramFindings(node.params), ...inner];
}

function nameOf(node: Node | undefined): string {
  if (isPath(node)) return node.original;
  return node && isCall(node) ? `(${nameOf(node.path)} ...)` : 'the value';
}

/** Every inserted value goes through one of our helpers, and each helper is told what the value is called. */
function instrument(node: Node): void {
  if (isMustache(node)) {
    if (node.params.length === 0) {
      node.params = [node.path];
      node.path = pathTo('word', node);
    }
    label(node, nameOf(node.params[0]));
    return;
  }
  if (!isBlock(node)) return;
  label(node, nameOf(node.params[0]));
  for (const each of [...node.program.body, ...(node.inverse?.body ?? [])]) instrument(each);
}

function pathTo(name: string, { loc }: Node): hbs.AST.PathExpression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc };
}

function label(node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement, name: string): void {
  const { loc } = node;
  const pair = (key: string, value: string): hbs.AST.HashPair => {
    const literal: hbs.AST.StringLiteral = { type: 'StringLiteral', value, original: value, loc };
    return { type: 'HashPair', key, value: literal, loc };
  };
  const pairs = [pair('of', name), pair('line', String(loc.start.line))];
  node.hash = { type: 'Hash', pairs, loc };
}

export type ParsedTemplate =
  | { readonly ok: true; readonly program: hbs.AST.Program }
  | { readonly ok: false; readonly findings: readonly TemplateFinding[] };

/** Reads a template; everything in it that could insert more than a value is a finding. */
export function parseTemplate(text: string): ParsedTemplate {
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(text);
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    const line = Number(/line (\d+)/.exec(said)?.[1] ?? 1);
    const why = said.split('\n').at(-1) ?? said;
    return { ok: false, findings: [{ line, why, mend: 'close every {{ }} and every block' }] };
  }
  const findings = program.body.flatMap(statementFindings);
  if (findings.length > 0) return { ok: false, findings };
  for (const each of program.body) instrument(each);
  return { ok: true, program };
}
