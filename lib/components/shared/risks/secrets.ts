import { secretIn, secretWithin } from '../../../input/plain-secrets';
import { matches } from '../../../kubernetes/grammar';
import { DNS_SUBDOMAIN } from '../../../kubernetes/names';

/** What a variable contains that is a secret; undefined if nothing looks like one. */
export const variableSecret = secretIn;

/** What an annotation or a label contains that is a secret. Many name an object instead. */
export const metadataSecret = (name: string, value: string): string | undefined =>
  isReference(name, value) ? secretWithin(value) : secretIn(name.replace(/^.*\//, ''), value);

/** Names of metadata whose value is the secret itself, if it is one word. */
const VALUE_NAME = /(pass(word|wd|phrase)?|pwd|token|(api|access)[-_.]?key)$/i;

/** Random text, which no name of an object contains. */
const RANDOM = /[a-z0-9]{20}/;

/** Whether a text of metadata is `NAME`, `NAMESPACE/NAME` or such with a scheme, as in `pullsecret:argocd/dockerhub`. */
function isReference(name: string, value: string): boolean {
  const parts = value.replace(/^([a-z]+:){1,3}(?=[^/]+\/)/, '').split('/');
  return (
    parts.every((part) => matches(DNS_SUBDOMAIN, part)) &&
    !RANDOM.test(value) &&
    (parts.length > 1 || !VALUE_NAME.test(name))
  );
}
