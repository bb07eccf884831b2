import type { Grammar } from './grammar';

/**
 * Names of objects, and names inside of objects.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

/** A DNS label (RFC 1123): the name of a namespace, container, volume or port of a Service. */
export const DNS_LABEL: Grammar = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maximum: 63,
  form: 'lowercase letters, digits and -',
};

/** A DNS subdomain (RFC 1123): the name of most objects. */
export const DNS_SUBDOMAIN: Grammar = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maximum: 253,
  form: 'lowercase letters, digits, - and .',
};

/** A DNS label of RFC 1035: the name of a Service. */
export const SERVICE_NAME: Grammar = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  maximum: 63,
  form: 'lowercase letters, digits and -, starting with a letter',
};

/** The name of a container's port (an IANA service name). */
export const PORT_NAME: Grammar = {
  pattern: /^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maximum: 15,
  form: 'lowercase letters, digits and single -, with at least one letter',
};

/** The name of an environment variable, as every supported release of Kubernetes accepts it. */
export const VARIABLE_NAME: Grammar = {
  pattern: /^(?!\.\.)(?!\.$)[-._a-zA-Z][-._a-zA-Z0-9]*$/,
  form: 'letters, digits, -, _ and ., without a leading digit or two leading dots',
};

/** A key of a ConfigMap or Secret, which is also the name of a file. */
export const DATA_KEY: Grammar = {
  pattern: /^(?!\.\.)(?!\.$)[-._a-zA-Z0-9]+$/,
  maximum: 253,
  form: 'letters, digits, -, _ and ., without two leading dots',
};

/** Kinds whose names are shorter: controllers copy them into labels of 63 characters, some with a suffix of 11. */
const MAXIMUM: Readonly<Record<string, number>> = { Job: 63, StatefulSet: 52, CronJob: 52 };

/** The grammar of the names of a kind's objects. */
export function objectNameGrammar(kind: string): Grammar {
  if (kind === 'Service') return SERVICE_NAME;
  if (kind === 'Namespace') return DNS_LABEL;
  return { ...DNS_SUBDOMAIN, maximum: MAXIMUM[kind] ?? DNS_SUBDOMAIN.maximum };
}
