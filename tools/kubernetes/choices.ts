import type { Schema } from '../../lib/kubernetes/schema';

/**
 * Fields of which an object may have only one, which the OpenAPI document does not say, of k8s.io/kubernetes v1.36: by
 * definition, which fields, and whether one is required. `others` are the fields that are not of the choice; all else is.
 */
export const CHOICES: Readonly<Record<string, readonly Choice[]>> = {
  EnvFromSource: [{ others: ['prefix'], required: true }],
  EnvVar: [{ fields: ['value', 'valueFrom'] }],
  EnvVarSource: [{ others: [], required: true }],
  IngressBackend: [{ others: [], required: true }],
  LifecycleHandler: [{ others: [], required: true }],
  NetworkPolicyPeer: [{ fields: ['ipBlock', 'podSelector'] }, { fields: ['ipBlock', 'namespaceSelector'] }],
  Probe: [{ fields: ['exec', 'grpc', 'httpGet', 'tcpSocket'], required: true }],
  Volume: [{ others: ['name'] }],
  VolumeProjection: [{ others: [], required: true }],
};

type Choice = { readonly required?: boolean } & (
  | { readonly fields: readonly string[] }
  | { readonly others: readonly string[] }
);

/** The choices of a definition, with all their fields. */
export function choicesOf(definition: string, properties: object = {}): NonNullable<Schema['choices']> {
  return (CHOICES[definition] ?? []).map((choice) => ({
    fields: 'fields' in choice ? choice.fields : Object.keys(properties).filter((key) => !choice.others.includes(key)),
    ...(choice.required ? { required: true } : {}),
  }));
}
