import config from '../jest.config.mjs';

const { testPathIgnorePatterns: _ignored, ...rest } = config;

/** The tests that run other people's programs against the lab: `npm run interop`. */
export default { ...rest, rootDir: '..', testMatch: ['<rootDir>/test/interop/*.test.ts'] };
