/** Fifteen tiers, one configuration: `jest --selectProjects unit|programs|validators|e2e|throughput|rotation|upgrade|chaos|monitoring|setups|attacks|exposure|tls|single-sign-on|secrets`. */
const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/build/'],
  watchPathIgnorePatterns: ['<rootDir>/dist/'],
  ...more,
});

/**
 * Test files of one thread share its modules, which are most of what a unit test costs (docs/decisions/0007). There is
 * no time limit of a test, no jest.mock and no process.chdir here.
 */
const inPlainNode = {
  runner: 'jest-light-runner',
  setupFiles: ['<rootDir>/test/support/plain-node.mjs'],
  transform: {},
};

const cluster = { globalSetup: '<rootDir>/test/e2e/start.ts', globalTeardown: '<rootDir>/test/e2e/stop.ts' };
const throughput = '<rootDir>/test/e2e/throughput.test.ts';
const rotation = '<rootDir>/test/e2e/rotation.test.ts';
const upgrade = '<rootDir>/test/e2e/upgrade.test.ts';
const chaos = '<rootDir>/test/e2e/chaos.test.ts';
const monitoring = '<rootDir>/test/e2e/monitoring.test.ts';
const setups = '<rootDir>/test/e2e/setups';
const attacks = '<rootDir>/test/e2e/attack';
const exposure = '<rootDir>/test/e2e/exposure.test.ts';
const tls = '<rootDir>/test/e2e/tls.test.ts';
const secrets = '<rootDir>/test/e2e/secrets.test.ts';
const singleSignOn = '<rootDir>/test/e2e/single-sign-on.test.ts';

module.exports = {
  testTimeout: 600_000,
  globalSetup: '<rootDir>/test/support/run/start.cjs',
  globalTeardown: '<rootDir>/test/support/run/end.cjs',
  projects: [
    project('unit', ['<rootDir>/test/**/*.test.ts'], {
      ...inPlainNode,
      testPathIgnorePatterns: [
        '<rootDir>/test/programs/',
        '<rootDir>/test/validators/(?!matrix)',
        '<rootDir>/test/e2e/(?!bench/)',
      ],
    }),
    project('programs', ['<rootDir>/test/programs/**/*.test.ts']),
    project('validators', ['<rootDir>/test/validators/**/!(matrix).test.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      testPathIgnorePatterns: [
        '<rootDir>/test/e2e/bench/',
        throughput,
        rotation,
        upgrade,
        chaos,
        monitoring,
        setups,
        attacks,
        exposure,
        tls,
        singleSignOn,
        secrets,
      ],
      ...cluster,
    }),
    project('throughput', [throughput], cluster),
    project('rotation', [rotation], cluster),
    project('upgrade', [upgrade], cluster),
    project('chaos', [chaos], cluster),
    project('monitoring', [monitoring], cluster),
    project('setups', [`${setups}*.test.ts`], cluster),
    project('attacks', [`${attacks}*.test.ts`], cluster),
    project('exposure', [exposure], cluster),
    project('tls', [tls], cluster),
    project('single-sign-on', [singleSignOn], cluster),
    project('secrets', [secrets], cluster),
  ],
};
