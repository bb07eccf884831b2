// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are what Flux would substitute
import { configMap, deployment, ingress, ROUTE, service } from './cases';

/** Objects of users that are refused, as they are written in `objects/*.yaml`. */

const budget = (name: string) => `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { maxUnavailable: 1, selector: { matchLabels: { app.kubernetes.io/name: proxy } } }
`;

/** What is refused: the text, the line and key of the issue, and what it says. */
export const REFUSED: readonly (readonly [title: string, text: string, where: string, said: RegExp])[] = [
  ['no object', '\n- a\n', '2:1 ', /is not an object \(/],
  ['no apiVersion', '\nkind: ConfigMap\nmetadata: { name: a }\n', '2:1 apiVersion: ', /is missing \(/],
  ['no kind', '\napiVersion: v1\nmetadata: { name: a }\n', '2:1 kind: ', /is missing \(/],
  [
    'no name',
    '\napiVersion: v1\nkind: ConfigMap\nmetadata: { generateName: a }\n',
    '4:1 metadata.name: ',
    /is missing \(/,
  ],
  ['a name that is a number', configMap('1'), '4:13 metadata.name: ', /is not a text \(/],
  ['metadata that is a text', '\napiVersion: v1\nkind: ConfigMap\nmetadata: a\n', '4:1 metadata: ', /is not a map \(/],
  ['an invalid name', configMap('A_b'), '4:13 ', /ConfigMap mlflow\/A_b has an invalid name \(.*\[rule valid-names/],
  ['a misspelt kind', configMap('a').replace('ConfigMap', 'ConfigMpa'), '3:1 kind: ', /did you mean ConfigMap\?/],
  [
    'a version of two groups',
    configMap('a').replace('v1', 'a/b/v1'),
    '2:1 apiVersion: ',
    /is not GROUP\/VERSION \(write it, such as v1\)/,
  ],
  [
    'a version that is gone',
    ingress().replace('networking.k8s.io/v1', 'extensions/v1beta1'),
    '2:1 apiVersion: ',
    /use networking.k8s.io\/v1\)/,
  ],
  [
    'an unknown field',
    ingress().replace('pathType', 'pathtype'),
    '12:13 spec.rules[0].http.paths[0].pathtype: ',
    /did you mean pathType\?/,
  ],
  ['a wrong type', configMap('a', 'a: 5'), '5:9 data.a: ', /is a number \(/],
  [
    'a Secret with values',
    '\napiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: hunter2 }\n',
    '5:1 stringData: ',
    /SealedSecret or an ExternalSecret/,
  ],
  [
    'a Secret with encoded values',
    '\napiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata: { password: aHVudGVyMg== }\n',
    '5:1 data: ',
    /SealedSecret or an ExternalSecret/,
  ],
  [
    'a second source of a Secret',
    `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: login }
spec: { target: { name: generated-login }, data: [] }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: generated-login }
spec: { data: [] }
`,
    '9:13 ',
    /creates Secret generated-login, as ExternalSecret mlflow\/login does \(keep one\) \[rule one-source-per-secret/,
  ],
  [
    'an export of a cluster',
    `${configMap('a', 'a: b', ', uid: x')}status: {}\n`,
    '6:1 status: ',
    /is set by the cluster \(remove it\)/,
  ],
  [
    'a password in a ConfigMap',
    configMap('a', 'password: hunter2'),
    '4:13 ',
    /has key password, which .* add plain-secrets to allow\)/,
  ],
  [
    'a password in a custom resource',
    ROUTE.replace('gateway.networking.k8s.io/v1', 'traefik.io/v1alpha1').replace(
      'mlflow.example.com',
      '"https://a:hunter2@example.com"',
    ),
    '4:13 ',
    /spec.hostnames.0, which contains a password in a URL/,
  ],
  [
    'a password in a route, whose kind is known',
    ROUTE.replace(
      'port: 5000 }]',
      'port: 5000 }], filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: Referer, value: "https://a:hunter2@example.com" }] } }]',
    ),
    '4:13 ',
    /requestHeaderModifier.set.0.value, which contains a password in a URL/,
  ],
  [
    'a route to another port than the Service has',
    ROUTE.replace('port: 5000', 'port: 5001'),
    '4:13 ',
    /leads to port 5001 of Service mlflow, which it does not have \(use 5000\)/,
  ],
  [
    'a route to a Service that is not there',
    ROUTE.replace('name: mlflow, port', 'name: mlfow, port'),
    '4:13 ',
    /leads to Service mlfow, which the output does not contain \(use one of mlflow\)/,
  ],
  [
    'a Route of OpenShift to another port than the Service has',
    'apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: { name: web }\nspec: { host: a.example.com, port: { targetPort: web }, to: { kind: Service, name: mlflow } }\n',
    '3:13 ',
    /leads to port web of Service mlflow, which it does not have \(use http\)/,
  ],
  [
    'an object of ours',
    configMap('mlflow').replace('ConfigMap', 'Service'),
    '4:13 metadata.name: ',
    /is Service mlflow\/mlflow, an object of the environment itself \(.*patches/,
  ],
  [
    'the same object twice',
    `${configMap('a')}---${configMap('a')}`,
    '9:13 metadata.name: ',
    /already, in .*a\.yaml:4 \(keep one\)/,
  ],
  [
    'a foreign namespace',
    configMap('a', 'a: b', ', namespace: kube-system'),
    '4:13 ',
    /is in namespace kube-system \(remove metadata.namespace, for mlflow, or move it to a folder or a chart of its own\)/,
  ],
  ['a dollar sign with a brace', configMap('a', "a: '${HOME}'"), '4:13 ', /\.data\.a contains a dollar sign/],
  [
    'a Service that leads to no pod',
    service('selector: { app: nothing }, ports: [{ port: 80 }]'),
    '4:13 ',
    /selects no pod of the output \(/,
  ],
  [
    'an Ingress to no Service',
    ingress('mlfow'),
    '4:13 ',
    /leads to Service mlfow, which the output does not contain \(use one of mlflow\)/,
  ],
  [
    'an Ingress by a host that MLflow refuses',
    ingress().replaceAll('mlflow.example.com', 'other.example.com'),
    '4:13 ',
    /leads to the server by the host other\.example\.com, which MLflow refuses \(add it to server\.allowedHosts\)/,
  ],
  [
    'a route by a host that it rewrites to one that MLflow refuses',
    ROUTE.replace(
      'rules: [{',
      'rules: [{ filters: [{ type: URLRewrite, urlRewrite: { hostname: other.example.com } }],',
    ),
    '4:13 ',
    /leads to the server by the host other\.example\.com, which MLflow refuses/,
  ],
  [
    'an Ingress to no port',
    ingress('mlflow', 'number: 80'),
    '4:13 ',
    /leads to port 80 of Service mlflow, which it does not have \(/,
  ],
  [
    'a pod with an account that does not exist',
    deployment('proxy', '      serviceAccountName: proxy'),
    '4:13 ',
    /refers to ServiceAccount proxy.*objects\//,
  ],
  [
    'a pod with a ConfigMap that does not exist',
    deployment('proxy', '          envFrom: [{ configMapRef: { name: none } }]'),
    '4:13 ',
    /refers to ConfigMap none.*objects\//,
  ],
  [
    'a privileged pod',
    deployment('proxy').replace('allowPrivilegeEscalation: false', 'privileged: true'),
    '4:13 ',
    /\[rule pod-security/,
  ],
  [
    'a bare pod that is privileged',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { containers: [{ name: a, image: "a:1", securityContext: { privileged: true } }] }
`,
    '4:13 ',
    /\[rule pod-security/,
  ],
  [
    'a kind of pods that is not checked',
    '\napiVersion: v1\nkind: ReplicationController\nmetadata: { name: a }\n',
    '3:1 kind: ',
    /use a Deployment/,
  ],
  ['a selector that misses its own pods', deployment('proxy', '', 'other'), '4:13 ', /selects no pod of its template/],
  [
    'a selector that takes the pods of the server',
    deployment('proxy').replaceAll('{ app.kubernetes.io/name: proxy }', '{ app.kubernetes.io/name: mlflow }'),
    '4:13 ',
    /selects the pods of Deployment mlflow too/,
  ],
  [
    'a pod with the labels of the server',
    deployment('proxy').replaceAll(
      '{ app.kubernetes.io/name: proxy }',
      '{ app.kubernetes.io/name: mlflow, app.kubernetes.io/instance: mlflow, app.kubernetes.io/component: server, a: b }',
    ),
    '4:13 ',
    /Deployment mlflow\/proxy has pods with all labels by which \w+ mlflow selects its own/,
  ],
  [
    'an autoscaler for nothing',
    '\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\nspec: { maxReplicas: 2, scaleTargetRef: { kind: Deployment, name: no } }\n',
    '4:13 ',
    /scales Deployment no, which does not exist/,
  ],
  [
    'a second budget for the same pods',
    `${budget('a')}---${budget('b')}---${deployment('proxy')}`,
    '9:13 ',
    /PodDisruptionBudget mlflow\/b is for pods that PodDisruptionBudget a is for too/,
  ],
  [
    'an autoscaler for the server',
    '\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\nspec: { maxReplicas: 2, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: mlflow } }\n',
    '4:13 ',
    /use server.autoscaling instead/,
  ],
  [
    'a selector for nothing beside a route',
    `${service('selector: { app: nothing }, ports: [{ port: 80 }]')}---${ROUTE}`,
    '4:13 ',
    /selects no pod of the output \(/,
  ],
  [
    'a policy without its spec',
    '\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }\n',
    '2:1 spec: ',
    /is missing \(/,
  ],
  ['what is no YAML', 'a: [\n', '2:1 ', /\(/],
];
