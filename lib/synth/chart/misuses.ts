import { isRecord } from '../../input/is-record';
import { type Check, type Issue, type Path, violatedChecks } from '../../input/issue';
import { readPrograms } from '../programs';
import type { ChartOptions, MlflowChartProps } from './props';

/** What the compiler refuses in TypeScript. */

const CHART_OPTIONS = ['programs', 'warn'] satisfies (keyof ChartOptions)[];

/** The props that are no keys of an environment. */
export const OPTIONS = ['sealedSecrets', 'objects', ...CHART_OPTIONS] satisfies (keyof MlflowChartProps)[];

/** Misuses of the props of a chart, except of its keys. */
export function propMisuses(props: unknown): Issue[] {
  if (!isRecord(props)) return [{ path: [], message: 'is not a map of keys (pass { database: …, artifacts: … })' }];
  const { sealedSecrets = '', objects = [] } = props;
  return violatedChecks([
    {
      path: ['sealedSecrets'],
      violated: typeof sealedSecrets !== 'string',
      message: 'is not a text (pass what sealed-secrets.yaml contains)',
    },
    { path: ['objects'], violated: !Array.isArray(objects), message: 'is not a list (pass [object, …])' },
    ...(Array.isArray(objects) ? objects.flatMap(notPlain) : []),
    ...valueChecks(props, []),
  ]);
}

/** Misuses of the other arguments of `fromFile`. */
export function fileMisuses(file: unknown, options: unknown): Issue[] {
  const isText = typeof file === 'string' && file !== '';
  const checks = [
    { path: ['file'], violated: !isText, message: 'is not a path (pass the path of an environment.yaml)' },
  ];
  if (!isRecord(options)) {
    return violatedChecks([
      ...checks,
      { path: ['options'], violated: true, message: 'is not a map (pass { warn: … })' },
    ]);
  }
  const unknown = Object.keys(options).filter((key) => !(CHART_OPTIONS as string[]).includes(key));
  const known = CHART_OPTIONS.join(', ');
  return violatedChecks([
    ...checks,
    ...unknown.map((key) => ({
      path: ['options', key],
      violated: true,
      message: `is not an option (options: ${known}; write keys into the file)`,
    })),
    ...valueChecks(options, ['options']),
  ]);
}

/** Checks of what both take. */
function valueChecks({ programs, warn = () => undefined }: Readonly<Record<string, unknown>>, path: Path): Check[] {
  return [
    {
      path: [...path, 'programs'],
      violated: programs !== undefined && !isRecord(programs),
      message: 'is not a map (pass what readPrograms returns)',
    },
    ...missingPrograms(programs, path),
    { path: [...path, 'warn'], violated: typeof warn !== 'function', message: 'is not a function (pass (line) => …)' },
  ];
}

function missingPrograms(programs: unknown, path: Path): Check[] {
  if (!isRecord(programs)) return [];
  return Object.keys(readPrograms())
    .filter((name) => typeof programs[name] !== 'string')
    .slice(0, 1)
    .map((name) => ({
      path: [...path, 'programs'],
      violated: true,
      message: `lacks ${name} (pass what readPrograms returns)`,
    }));
}

/** Of an object that is not plain data, that it is not. */
function notPlain(object: unknown, index: number): Check[] {
  try {
    JSON.stringify(structuredClone(object));
    return [];
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    const message = `cannot be written as JSON: ${reason} (pass plain data)`;
    return [{ path: ['objects', index], violated: true, message }];
  }
}
