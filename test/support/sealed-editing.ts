import { formatIssue } from '../../lib/input/issue';
import { setSealedValues } from '../../lib/sealed-secrets/edit';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import type { NewValue, SealTarget } from '../../lib/sealed-secrets/manifest-lines';
import { CERTIFICATE, PAIR } from './sealed-manifest';
import { unsealAll } from './unseal';

/** The SealedSecret that the tests of edits change. */
export const LOGIN: SealTarget = { namespace: 'mlflow', name: 'login', scope: 'strict', type: 'Opaque' };

/** The note behind a value, as it stands in the file. */
export const noteText = ({ note }: NewValue) => `certificate ${note.certificate}, seal ${note.seal}`;

/** The changed text; fails the test when there are issues. */
export function edited(text: string, values: Readonly<Record<string, NewValue>>, target = LOGIN): string {
  const result = setSealedValues(text, 's.yaml', target, new Map(Object.entries(values)));
  if ('issues' in result) throw new Error(result.issues.map((issue) => formatIssue(issue.at, issue)).join('\n'));
  return result.text;
}

/** What each Secret of the text opens to, as `NAME/KEY` and text. */
export function opened(text: string): string[] {
  const { secrets, issues } = readSealedSecrets(text, 's.yaml', [CERTIFICATE]);
  expect(issues).toEqual([]);
  return secrets.flatMap((secret) =>
    [...unsealAll(secret, PAIR.privateKey)].map(([key, value]) => `${secret.name}/${key}=${value}`),
  );
}
