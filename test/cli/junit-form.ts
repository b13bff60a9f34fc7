/** Enough XML for what we write: elements, attributes, text, references; anything else throws. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescaped(text: string): string {
  if (/[<>]/.test(text)) throw new Error(`a bare bracket in ${text}`);
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const number = /^#(\d+)$/.exec(name)?.[1];
    const found = number === undefined ? references[name] : String.fromCodePoint(Number(number));
    if (found === undefined || !whole.endsWith(';')) throw new Error(`a bad reference ${whole}`);
    return found;
  });
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const rest = text.replace(/\s+([A-Za-z]+)="([^"<]*)"/g, (_whole, name: string, value: string) => {
    if (name in found) throw new Error(`${name} twice`);
    found[name] = unescaped(value);
    return '';
  });
  if (rest.trim() !== '') throw new Error(`not an attribute: ${rest}`);
  return found;
}

/** Reads a document; throws where it is not well-formed. */
export function readXml(text: string): Element {
  // eslint-disable-next-line no-control-regex
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error('a character that XML does not know');
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (body === text) throw new Error('no declaration');
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [root];
  for (const [, tag, words] of body.matchAll(/<([^>]*)>|([^<]+)/g)) {
    const top = open.at(-1) ?? root;
    if (words !== undefined) top.text += unescaped(words);
    else if (tag?.startsWith('/')) {
      if (tag.slice(1) !== top.name) throw new Error(`${tag} closes ${top.name}`);
      open.pop();
      (open.at(-1) ?? root).children.push(top);
    } else {
      const [, name = '', rest = '', end] = /^([a-z-]+)((?:\s[^]*?)?)(\/?)$/.exec(tag ?? '') ?? [];
      const made: Open = { name, attributes: attributesOf(rest), children: [], text: '' };
      if (end === '/') top.children.push(made);
      else open.push(made);
    }
  }
  const [only] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || !only) throw new Error('not one element');
  return only;
}

const WHOLE = /^\d+$/;
const SECONDS = /^\d+\.\d{3}$/;

/** By element: its attributes (`!`: must be there) and the elements it may hold, in this order where there are several. */
const grammar: Readonly<
  Record<
    string,
    {
      readonly attributes: Readonly<Record<string, RegExp>>;
      readonly needs: readonly string[];
      readonly holds: readonly string[];
    }
  >
> = {
  testsuites: {
    attributes: { name: /./, tests: WHOLE, failures: WHOLE, errors: WHOLE, time: SECONDS },
    needs: ['name'],
    holds: ['testsuite'],
  },
  testsuite: {
    attributes: {
      name: /./,
      tests: WHOLE,
      failures: WHOLE,
      errors: WHOLE,
      skipped: WHOLE,
      time: SECONDS,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
    },
    needs: ['name', 'tests', 'failures', 'errors', 'time'],
    holds: ['testcase'],
  },
  testcase: {
    attributes: { name: /./, classname: /./, time: SECONDS },
    needs: ['name', 'classname'],
    holds: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  skipped: { attributes: { message: /^/ }, needs: [], holds: [] },
  failure: { attributes: { message: /^/, type: /./ }, needs: ['message', 'type'], holds: [] },
  error: { attributes: { message: /^/, type: /./ }, needs: ['message', 'type'], holds: [] },
  'system-out': { attributes: {}, needs: [], holds: [] },
};

function faultsOf(element: Element, path: string): readonly string[] {
  const where = `${path}/${element.name}`;
  const rule = grammar[element.name];
  if (!rule) return [`${where} is not known`];
  const missing = rule.needs.filter((each) => !(each in element.attributes));
  const bad = Object.entries(element.attributes).filter(
    ([name, value]) => !(rule.attributes[name]?.test(value) ?? false),
  );
  const order = element.children.map((each) => rule.holds.indexOf(each.name));
  const disordered = order.some((each, at) => each < 0 || each < (order[at - 1] ?? 0));
  return [
    ...missing.map((each) => `${where} has no ${each}`),
    ...bad.map(([name, value]) => `${where} ${name}="${value}"`),
    ...(disordered
      ? [`${where} holds ${element.children.map((each) => each.name).join(', ')}`]
      : []),
    ...(rule.holds.length > 0 && element.text.trim() !== '' ? [`${where} holds text`] : []),
    ...countFaults(element, where),
    ...element.children.flatMap((each) => faultsOf(each, where)),
  ];
}

function countFaults(element: Element, where: string): readonly string[] {
  if (element.name !== 'testsuite') return [];
  const holding = (name: string) =>
    element.children.filter((each) => each.children.some((child) => child.name === name)).length;
  const real = {
    tests: element.children.length,
    failures: holding('failure'),
    errors: holding('error'),
    skipped: holding('skipped'),
  };
  return Object.entries(real)
    .filter(([name, count]) => element.attributes[name] !== String(count))
    .map(([name, count]) => `${where} ${name} is not ${count}`);
}

/** What a reader of JUnit's XML (Jenkins' schema, GitLab) would object to. */
export function junitFaults(text: string): readonly string[] {
  const root = readXml(text);
  return root.name === 'testsuites' ? faultsOf(root, '') : [`the root is ${root.name}`];
}
