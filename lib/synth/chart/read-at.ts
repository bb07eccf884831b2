import { Construct } from 'constructs';
import { InputError } from '../../input/input-error';
import { EnvironmentError } from '../../input/issue';

/** The path of a chart that does not exist yet. */
export const pathOf = (scope: Construct, id: string): string =>
  [Construct.isConstruct(scope) ? scope.node.path : '', id].filter((part) => part !== '').join('/');

/**
 * What a reading gives. An issue of a prop names the chart. The stack begins where the caller is: ours tells a user
 * nothing.
 */
export function readAt<T>(caller: Parameters<typeof Error.captureStackTrace>[1], chart: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    const error = thrown instanceof EnvironmentError ? new EnvironmentError(thrown.issues, chart) : thrown;
    if (error instanceof EnvironmentError || error instanceof InputError) Error.captureStackTrace(error, caller);
    throw error;
  }
}
