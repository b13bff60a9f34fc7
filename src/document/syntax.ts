import type { ErrorCode } from 'yaml';
import type { Diagnostic, Place } from '../kernel/diagnostic.js';

/** What is wrong and how to mend it. Our own words: the parser's repeat the text, which may hold a secret. */
const words: Readonly<Record<ErrorCode, readonly [message: string, mend: string]>> = {
  ALIAS_PROPS: ['an alias cannot have an anchor or tag', 'if this is text, put it in quotes'],
  BAD_ALIAS: ['an alias that cannot be read', 'text that begins with `*` or `&` needs quotes'],
  BAD_COLLECTION_TYPE: ['a tag that does not fit the value', 'leave the tag out'],
  BAD_DIRECTIVE: ['a `%` directive that cannot be read', 'text that begins with `%` needs quotes'],
  BAD_DQ_ESCAPE: [
    'an unknown escape in double quotes',
    'use single quotes, or write `\\\\` for a backslash',
  ],
  BAD_INDENT: ['wrong indentation', 'indent by two spaces, and line up the keys of one map'],
  BAD_PROP_ORDER: ['an anchor or tag in the wrong place', 'put it right before its value'],
  BAD_SCALAR_START: ['text cannot begin with this character', 'put the text in quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `key:` on one line',
    'put a text that holds `: ` in quotes, or begin a new line',
  ],
  BLOCK_IN_FLOW: ['an indented block inside {} or []', 'write it on its own, outside the brackets'],
  DUPLICATE_KEY: ['a key is there twice', 'keep one of them'],
  IMPOSSIBLE: ['cannot be read', 'check quotes, brackets and indentation around here'],
  KEY_OVER_1024_CHARS: ['a key of more than 1024 characters', 'check for a missing quote above'],
  MISSING_CHAR: [
    'a quote, bracket, comma, colon or space is missing',
    'check quotes and brackets from here on',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'a key that goes over more than one line',
    'a `:` may be missing on the line above',
  ],
  MULTIPLE_ANCHORS: ['more than one anchor for a value', 'keep one of them'],
  MULTIPLE_DOCS: ['more than one document (`---`) in the file', 'use one file for each'],
  MULTIPLE_TAGS: ['more than one tag for a value', 'leave the tags out'],
  NON_STRING_KEY: ['a key must be a plain word', 'use text as the key'],
  RESOURCE_EXHAUSTION: ['nested too deeply', 'make it flatter'],
  TAB_AS_INDENT: ['a tab in the indentation', 'use spaces'],
  TAG_RESOLVE_FAILED: [
    'a tag (`!...`) is not supported here',
    'leave the tag out; text that begins with `!` needs quotes',
  ],
  UNEXPECTED_TOKEN: [
    'something that does not belong here',
    'check quotes, brackets and indentation around here',
  ],
};

/** A finding about the form of the text. */
export function syntaxFinding(code: ErrorCode, place: Place): Diagnostic {
  const [message, mend] = words[code];
  return { code: 'document-unreadable', severity: 'error', place, message, mend };
}
