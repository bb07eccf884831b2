import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, pick, some } from './shared/record';
import { atLeast, RELEASES } from './shared/releases';
import { objectName } from './shared/values';

type Image = Optional<EnvironmentInput['image']>;

export const image: ComponentArbitrary<'image' | 'mlflowVersion'> = {
  sections: {
    image: some<Image>({
      repository: pick('ghcr.io/mlflow/mlflow', 'registry.example.com:5000/team/mlflow', 'mlflow'),
      registry: pick('registry.example.com/mirror', 'localhost:5000'),
      tag: pick('tag'),
      digest: pick(`sha256:${'0123456789abcdef'.repeat(4)}`),
      pullPolicy: pick('IfNotPresent', 'Always', 'Never'),
      pullSecret: objectName,
      pullSecrets: fc.uniqueArray(objectName, { maxLength: 3 }),
    }).map(({ pullSecret, ...rest }) => (rest.pullSecrets || !pullSecret ? rest : { ...rest, pullSecret })),
    mlflowVersion: pick(...RELEASES),
  },
  required: ['mlflowVersion'],
  settle: ({ image, mlflowVersion: _, ...rest }, version) => ({
    ...rest,
    ...imageOf(image, version, rest.auth?.enabled !== false),
  }),
};

/** An image of the release: the official one where it has all that the server needs, another one elsewhere. */
function imageOf(
  image: Image | undefined,
  version: string,
  hasLogin: boolean,
): Pick<EnvironmentInput, 'image' | 'mlflowVersion'> {
  if (version === '3.18.0' && !image) return {};
  const { repository, tag, ...rest } = image ?? {};
  const full = atLeast(version, hasLogin ? '3.14.0' : '3.9.0');
  if (repository === 'ghcr.io/mlflow/mlflow' && full)
    return { image: { ...rest, repository, tag: `v${version}-full` } };
  const own =
    repository === undefined || repository === 'ghcr.io/mlflow/mlflow' ? 'registry.example.com/mlflow' : repository;
  if (tag === undefined && rest.digest) return { image: { ...rest, repository: own }, mlflowVersion: version };
  return { image: { ...rest, repository: own, tag: `${version}-4` } };
}
