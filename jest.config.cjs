/** Nine tiers, one configuration: `jest --selectProjects unit|programs|validators|e2e|throughput|rotation|upgrade|chaos|monitoring`. */
/**
 * Globals that each module gets as parameters: a look-up in the context in which Jest runs a test is slow, and these took
 * a third of the time of a synth.
 */
const sandboxInjectedGlobals = [
  ...['Object', 'Array', 'String', 'Number', 'Boolean', 'RegExp', 'Math', 'JSON', 'Map', 'Set', 'WeakMap', 'Symbol'],
  ...[
    'Promise',
    'Reflect',
    'Proxy',
    'Intl',
    'Error',
    'TypeError',
    'RangeError',
    'Buffer',
    'Uint8Array',
    'process',
    'Date',
  ],
  ...['console', 'URL', 'BigInt'],
];

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  rootDir: __dirname,
  testEnvironment: 'node',
  sandboxInjectedGlobals,
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/build/'],
  watchPathIgnorePatterns: ['<rootDir>/dist/'],
  ...more,
});

const cluster = { globalSetup: '<rootDir>/test/e2e/start.ts', globalTeardown: '<rootDir>/test/e2e/stop.ts' };
const throughput = '<rootDir>/test/e2e/throughput.test.ts';
const rotation = '<rootDir>/test/e2e/rotation.test.ts';
const upgrade = '<rootDir>/test/e2e/upgrade.test.ts';
const chaos = '<rootDir>/test/e2e/chaos.test.ts';
const monitoring = '<rootDir>/test/e2e/monitoring.test.ts';

module.exports = {
  testTimeout: 600_000,
  projects: [
    project('unit', ['<rootDir>/test/**/*.test.ts'], {
      testPathIgnorePatterns: [
        '<rootDir>/test/programs/',
        '<rootDir>/test/validators/(?!matrix)',
        '<rootDir>/test/e2e/',
      ],
    }),
    project('programs', ['<rootDir>/test/programs/**/*.test.ts']),
    project('validators', ['<rootDir>/test/validators/**/!(matrix).test.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      testPathIgnorePatterns: [throughput, rotation, upgrade, chaos, monitoring],
      ...cluster,
    }),
    project('throughput', [throughput], cluster),
    project('rotation', [rotation], cluster),
    project('upgrade', [upgrade], cluster),
    project('chaos', [chaos], cluster),
    project('monitoring', [monitoring], cluster),
  ],
};
