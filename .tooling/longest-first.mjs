// Starts the suites that take longest first, so that no worker is left alone with one of them at the end.
const slow = [
  'test/crash/kill',
  'test/demo/tutorial',
  'test/e2e/bad-input',
  'test/conformance/config',
  'test/conformance/crash',
  'test/wire/faults-wire',
  'test/e2e/',
  'test/crash/',
  'test/notice/closed-terminal',
  'test/wire/',
  'test/conformance/',
];

function rank({ path }) {
  const index = slow.findIndex((each) => path.includes(`/${each}`));
  return index === -1 ? slow.length : index;
}

export default class LongestFirst {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }

  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_each, index) => index % shardCount === shardIndex - 1);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
