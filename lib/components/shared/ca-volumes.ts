import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Volume, VolumeMount } from '../../kubernetes/objects';
import { DATABASE_CA_PATH, S3_CA_PATH } from './constants';

/** Certificates of authorities, each a volume with one file. */
function authorities({ database, artifacts }: ResolvedEnvironment) {
  const candidates = [
    { name: 'database-ca', path: DATABASE_CA_PATH, ca: database.tls.ca },
    { name: 's3-ca', path: S3_CA_PATH, ca: artifacts.s3.tls.ca },
  ];
  return candidates.flatMap(({ name, path, ca }) => (ca ? [{ name, path, ca }] : []));
}

/** The certificates of PostgreSQL and S3, where the environment has some, in the places that the variables name. */
export const authorityMounts = (environment: ResolvedEnvironment): VolumeMount[] =>
  authorities(environment).map(({ name, path }) => ({ name, mountPath: path, readOnly: true }));

/** Their volumes. */
export function authorityVolumes(environment: ResolvedEnvironment): Volume[] {
  return authorities(environment).map(({ name, ca }) => {
    const items = [{ key: ca.key, path: ca.key }];
    return ca.secret
      ? { name, secret: { secretName: ca.secret, items } }
      : { name, configMap: { name: ca.configMap, items } };
  });
}
