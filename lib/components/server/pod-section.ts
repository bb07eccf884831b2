import { z } from 'zod';
import { annotations, labels, objectName } from '../../kubernetes/fields';
import { section } from '../shared/sections/fields';

/** An object of Kubernetes, as it is written there. */
const asInKubernetes = () => z.record(z.string(), z.unknown());

const CHECKED =
  'As in Kubernetes, and checked as a patch is: fields, references, Pod Security, and what it opens (`allow`).';

/** What of a container is filled in. */
const FILLED_IN =
  'What Pod Security `restricted` needs, the pull policy, the protocol of ports and small resources are filled in ' +
  'where they are not written.';

/** The account of the pods. */
export const serviceAccount = section({
  create: z.boolean().default(true).describe('Whether to create it. If not, the account must exist.'),
  name: objectName().optional().meta({
    description: 'Name of the ServiceAccount, which no other component uses.',
    derived: '`NAME` with `create`, otherwise required',
  }),
  annotations: annotations()
    .default({})
    .describe('Annotations of the ServiceAccount, for example to give it a role of a cloud.'),
}).describe('ServiceAccount of the server pods. They get no token of the cluster.');

/** What users add to the pods of the server. */
export const podKeys = {
  podLabels: labels()
    .default({})
    .describe('Labels of the server pods alone. They cannot change the `app.kubernetes.io/` labels of every pod.'),
  podAnnotations: annotations().default({}).describe('Annotations of the server pods alone.'),
  serviceAccount: serviceAccount.prefault({}),
  initContainers: z
    .array(asInKubernetes())
    .default([])
    .describe(
      'Init containers before `prepare`, in this order. With `restartPolicy: Always` one keeps running beside the ' +
        `server, so that \`prepare\` can use it already. ${CHECKED} ${FILLED_IN}`,
    ),
  sidecars: z.array(asInKubernetes()).default([]).describe(`Containers beside the server. ${CHECKED} ${FILLED_IN}`),
  volumes: z.array(asInKubernetes()).default([]).describe(`Volumes of the pods. ${CHECKED}`),
  volumeMounts: z
    .array(asInKubernetes())
    .default([])
    .describe(`Mounts of such volumes in the server and in \`prepare\`. ${CHECKED}`),
};
