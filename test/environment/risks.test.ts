import fc from 'fast-check';
import { RISK_NAMES, RISKS } from '../../lib/components/shared/risks/risk';
import type { EnvironmentInput } from '../../lib/environment/model';
import { formatPath, type Issue } from '../../lib/input/issue';
import { resolution, SMALLEST } from '../support/support';
import { RISKY_ADDRESSES } from './address-risks.cases';
import { ALLOWED } from './allowed-risks.cases';
import { RISKS_OF_KEPT_DATA } from './kept-data-risks.cases';
import { RISKS_OF_SINGLE_SIGN_ON } from './oidc-risks.cases';
import { RISKY_SETTINGS } from './risks.cases';
import { RISKY_VARIABLES } from './risky-variables.cases';

const RISKY = [
  ...RISKY_SETTINGS,
  ...RISKS_OF_SINGLE_SIGN_ON,
  ...RISKY_ADDRESSES,
  ...RISKS_OF_KEPT_DATA,
  ...RISKY_VARIABLES,
];

/** Settings that open more than they say: none passes silently, and each can be insisted on. */

/** What is said of a risk, by level. */
function saidOf(input: EnvironmentInput) {
  const { issues, warnings } = resolution(input);
  const risks = (all: readonly Issue[]) =>
    all.flatMap(({ path, message }) => {
      const risk = / \(.*, or add ([a-z-]+) to allow\)$/.exec(message)?.[1];
      return risk ? [`${formatPath(path)} ${risk}`] : [];
    });
  return { issue: risks(issues), warning: risks(warnings), others: issues.length - risks(issues).length };
}

describe.each(RISKY)('%s', (_, input, key, risk) => {
  const { level } = RISKS[risk];

  test(`is reported at ${key}, as ${risk}`, () => {
    const said = saidOf(input);
    // An issue hides what would be a warning.
    expect(said[level]).toContain(`${key} ${risk}`);
    expect(said.others).toBe(0);
  });

  test('is accepted when allow names the risk, and by no other name', () => {
    expect(saidOf({ ...input, allow: [risk] })[level].filter((line) => line.endsWith(risk))).toEqual([]);
    const others = RISK_NAMES.filter((name) => name !== risk);
    expect(saidOf({ ...input, allow: others })[level]).toContain(`${key} ${risk}`);
  });
});

test.each(ALLOWED)('nothing is said of %s', (_, input) => {
  expect(saidOf(input)).toEqual({ issue: [], warning: [], others: 0 });
});

test('every risk is one of these settings', () => {
  expect([...new Set(RISKY.map(([, , , risk]) => risk))].sort()).toEqual([...RISK_NAMES].sort());
});

test('a secret is found, and never repeated in what is said of it', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/);
  const written = fc.constantFrom<(text: string) => [name: string, value: string]>(
    (text) => ['APP_PASSWORD', text],
    (text) => ['app_api_key', text],
    (text) => ['URL', `https://user:${text}@example.com/path`],
    (text) => ['URL', `redis://:${text}@redis:6379`],
    (text) => ['DSN', `host=db password=${text}`],
    (text) => ['ARGS', `--threads=2 --api-key=${text}`],
    (text) => ['JSON', `{"token":"${text}"}`],
  );
  fc.assert(
    fc.property(secret, written, (text, write) => {
      const [name, value] = write(text);
      const { issues } = resolution({ ...SMALLEST, server: { env: { [name]: value } } });
      expect(issues.map(({ path }) => formatPath(path))).toEqual([`server.env.${name}`]);
      expect(issues[0]?.message).not.toContain(text);
    }),
    { numRuns: 50 },
  );
});
