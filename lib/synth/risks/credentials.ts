import { usesBasicAuth } from '../../components/auth/login';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Container, Volume } from '../../kubernetes/objects';
import { hasToken } from '../rules/pods/tokens';
import { componentOf, podsOf } from '../rules/workloads';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';

/** Logins and tokens in the hands of containers that synth gives none. */
export const spreadCredentials: ObjectRiskCheck = (objects, environment) => {
  const logins = loginsOf(environment);
  const accounts = new Map(
    objects.filter(({ kind }) => kind === 'ServiceAccount').map((account) => [account.metadata.name, account]),
  );
  return podsOf(objects).flatMap(({ object, spec, metadata, containers }): ObjectRisk[] => {
    const held = [
      ...(spec.volumes ?? []).flatMap((volume) =>
        secretsOfVolume(volume).map((secret) => [`has volume ${volume.name} with`, secret] as const),
      ),
      ...containers.flatMap((container) =>
        secretsOfVariables(container).map(([what, secret]) => [`container ${container.name} ${what}`, secret] as const),
      ),
    ];
    const account = accounts.get(spec.serviceAccountName ?? '');
    const owner = account && componentOf(account);
    const isForeign = owner !== undefined && owner !== componentOf({ metadata });
    return [
      ...held.flatMap(([holder, secret]) => {
        const whose = logins.get(secret);
        if (!whose) return [];
        return [
          {
            object,
            ...WEAK,
            what: `${holder} the login of ${whose} (Secret ${secret})`,
            fix: 'use a login of its own',
          },
        ];
      }),
      ...(isForeign && hasToken(spec)
        ? [
            {
              object,
              ...WEAK,
              others: account ? [account] : [],
              what: `gives its pods the token of ServiceAccount ${spec.serviceAccountName}, which is that of component ${owner}`,
              fix: 'use an account of its own',
            },
          ]
        : []),
    ];
  });
};

const WEAK = { risk: 'weak-pods' } as const;

/** Whose login a Secret contains. */
const loginsOf = ({ auth, database }: ResolvedEnvironment): ReadonlyMap<string, string> =>
  new Map([
    [database.credentials.secret, 'PostgreSQL'],
    ...(usesBasicAuth(auth) ? [[auth.secret, 'the administrator'] as const] : []),
  ]);

const secretsOfVolume = ({ secret, projected }: Volume): string[] => [
  ...(secret?.secretName ? [secret.secretName] : []),
  ...(projected?.sources ?? []).flatMap((source) => source.secret?.name ?? []),
];

const secretsOfVariables = ({ env = [], envFrom = [] }: Container): [what: string, secret: string][] => [
  ...env.flatMap(({ name, valueFrom }): [string, string][] =>
    valueFrom?.secretKeyRef?.name ? [[`has variable ${name} with a part of`, valueFrom.secretKeyRef.name]] : [],
  ),
  ...envFrom.flatMap(({ secretRef }): [string, string][] =>
    secretRef?.name ? [['has variables with', secretRef.name]] : [],
  ),
];
