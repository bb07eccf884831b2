/**
 * Fields without which the API server refuses an object, or the object does nothing, although the OpenAPI document marks them
 * as optional: by definition, of k8s.io/api v0.36.
 */
export const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Certificate: ['spec'],
  Deployment: ['spec'],
  Ingress: ['spec'],
  Job: ['spec'],
  JobTemplateSpec: ['spec'],
  NetworkPolicy: ['spec'],
  PersistentVolumeClaim: ['spec'],
  PodDisruptionBudget: ['spec'],
  PodTemplateSpec: ['spec'],
  Service: ['spec'],
  StatefulSet: ['spec'],
};
