import { secretIn, secretWithin } from '../../../input/plain-secrets';
import { matches } from '../../../kubernetes/grammar';
import { DNS_SUBDOMAIN } from '../../../kubernetes/names';

/** What a variable contains that is a secret; undefined if nothing looks like one. */
export const variableSecret = secretIn;

/** What an annotation or a label contains that is a secret. Those whose name ends in `secret` often name an object. */
export function metadataSecret(name: string, value: string): string | undefined {
  const isReference = /secret$/i.test(name) && value.split('/').every((part) => matches(DNS_SUBDOMAIN, part));
  return isReference ? secretWithin(value) : secretIn(name.replace(/^.*\//, ''), value);
}
