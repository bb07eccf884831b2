import { type Issue, violatedChecks } from '../../../input/issue';

/** What names the account of the server. */
interface AccountSections {
  readonly server: { readonly serviceAccount: { readonly create: boolean; readonly name: string } };
}

/**
 * The server's account is no account of another component: what one may do, in the cluster or in a cloud, the other must
 * not.
 *
 * @param others names of the accounts that the other components create
 */
export function accountIssues({ server }: AccountSections, others: readonly string[]): Issue[] {
  const { create, name } = server.serviceAccount;
  return violatedChecks([
    {
      path: ['server', 'serviceAccount', 'name'],
      violated: others.includes(name),
      message: `is ${name}, the ServiceAccount of another component (use another name)`,
    },
    {
      path: ['server', 'serviceAccount', 'name'],
      violated: create && name === 'default',
      message:
        'is default, which Kubernetes creates for the pods of the namespace that name no account (use another name, or create: false)',
    },
  ]);
}
