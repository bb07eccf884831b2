import { optionsOf } from '../lib/mlflow/options';
import {
  CAPABILITIES,
  compareReleases,
  KNOWN_RELEASES,
  NEWEST_RELEASE,
  OLDEST_RELEASE,
  release,
} from '../lib/mlflow/releases';
import { markdownTable } from './markdown-table';

/** The page on what differs from release to release. */
export function releasesPage(): string {
  return [
    '# MLflow releases',
    '',
    'Generated from the tables in `lib/mlflow`; change them there and run `npm run generate`.',
    '',
    `Every release from ${OLDEST_RELEASE} to ${NEWEST_RELEASE} is rendered as it requires: the environment file stays the same. A newer release is rendered like ${NEWEST_RELEASE}, with a warning. \`image/README.md\` explains how to build an image of a release that has no suitable official image.`,
    '',
    '## What changes with a release',
    '',
    ...markdownTable(['since', 'what', 'source'], capabilities()),
    '',
    '## Releases, schemas and options',
    '',
    'A new revision of a schema means that the upgrade migrates that database: back it up first. `prepare` migrates when the first pod starts, after all servers of the previous release have stopped.',
    '',
    ...markdownTable(['release', 'tracking schema', 'auth schema', 'new options of `mlflow server`'], releases()),
    '',
    '## Known vulnerabilities',
    '',
    '[Security](security.md#known-vulnerabilities) lists them, with the settings that mitigate them.',
    '',
  ].join('\n');
}

function capabilities(): string[][] {
  return Object.values(CAPABILITIES)
    .toSorted((a, b) => compareReleases(a.since, b.since))
    .map(({ since, means, source }) => [since, means, source]);
}

function releases(): string[][] {
  return KNOWN_RELEASES.map(({ version, trackingSchema, authSchema }, index) => {
    const before = KNOWN_RELEASES[index - 1];
    const known = before ? optionsOf(release(before.version)) : optionsOf(release(version));
    const brought = optionsOf(release(version)).filter((name) => !known.includes(name));
    return [
      version,
      changed(trackingSchema, before?.trackingSchema),
      changed(authSchema, before?.authSchema),
      brought.map((name) => `\`${name}\``).join(', '),
    ];
  });
}

/** The revision if it is new, otherwise nothing. */
const changed = (now: string, before?: string) => (now === before ? '' : `\`${now}\``);
