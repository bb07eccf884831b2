import { applyObjects, kubectl } from './lab';

/** A DNS of the cluster in a namespace of its own whose pods listen on another port than its Service, as OpenShift's do. */

export const DNS_NAMESPACE = 'openshift-dns';
export const DNS_PORT = 5353;
const NAME = 'dns-default';

/** Starts it, with the rights of the lab's own. @returns the address of its Service */
export async function startOtherDns(): Promise<string> {
  const metadata = { name: NAME, namespace: DNS_NAMESPACE };
  const labels = { app: NAME };
  const core = await kubectl(['-n', 'kube-system', 'get', 'deployment', 'coredns', '-o', 'jsonpath={..image}']);
  await applyObjects([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: DNS_NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: BINDING },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { Corefile: `.:${DNS_PORT} {\n  ready\n  errors\n  kubernetes cluster.local\n}\n` },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: NAME,
            dnsPolicy: 'Default',
            containers: [
              {
                name: 'coredns',
                image: core.trim(),
                imagePullPolicy: 'Never',
                args: ['-conf', '/etc/coredns/Corefile'],
                readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
                volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
              },
            ],
            volumes: [{ name: 'config', configMap: { name: NAME } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: labels,
        ports: ['UDP', 'TCP'].map((protocol) => ({
          name: protocol.toLowerCase(),
          protocol,
          port: 53,
          targetPort: DNS_PORT,
        })),
      },
    },
  ]);
  await kubectl(['-n', DNS_NAMESPACE, 'rollout', 'status', `deployment/${NAME}`, '--timeout=120s']);
  return kubectl(['-n', DNS_NAMESPACE, 'get', 'service', NAME, '-o', 'jsonpath={.spec.clusterIP}']);
}

/** Removes what is in no namespace. */
export const removeBinding = () => kubectl(['delete', 'clusterrolebinding', BINDING, '--ignore-not-found']);

const BINDING = 'mlflow-lab-other-dns';
