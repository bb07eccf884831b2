// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are what Flux would substitute
/** Objects of users as they are written in `objects/*.yaml`. */

const labels = (name: string) => `{ app.kubernetes.io/name: ${name} }`;

/** A hardened pod of the user's own. */
const pod = (name: string, more = '') => `
    metadata: { labels: ${labels(name)} }
    spec:
      automountServiceAccountToken: false
      securityContext: { fsGroup: 10001 }
      containers:
        - name: main
          image: registry.example.com/proxy:1.2.3
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, seccompProfile: { type: RuntimeDefault }, capabilities: { drop: [ALL] } }
${more}`;

export const deployment = (name: string, more = '', selected = name) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: ${labels(selected)} }
  template:${pod(name, more)}
`;

export const ingress = (service = 'mlflow', port = 'number: 5000') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  tls: [{ hosts: [mlflow.example.com], secretName: mlflow-tls }]
  rules:
    - host: mlflow.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: ${service}, port: { ${port} } } }
`;

export const configMap = (name: string, data = 'a: b', metadata = '') => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}${metadata} }
data: { ${data} }
`;

export const ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  parentRefs: [{ name: public, namespace: gateways }]
  hostnames: [mlflow.example.com]
  rules: [{ backendRefs: [{ name: mlflow, port: 5000 }] }]
`;

const ISSUER = `
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: letsencrypt }
spec: { acme: { server: https://acme.example.com, privateKeySecretRef: { name: letsencrypt } } }
`;

export const service = (more: string) => `
apiVersion: v1
kind: Service
metadata: { name: extra }
spec: { ${more} }
`;

/** What is accepted without a word. */
export const ACCEPTED: readonly (readonly [title: string, text: string])[] = [
  ['an Ingress to the Service', ingress()],
  ['an Ingress to a named port', ingress('mlflow', 'name: http')],
  ['a route of the Gateway API', ROUTE],
  [
    'a route by another host, which it rewrites',
    ROUTE.replace('mlflow.example.com', 'other.example.com').replace(
      'rules: [{',
      'rules: [{ filters: [{ type: URLRewrite, urlRewrite: { hostname: mlflow.example.com } }],',
    ),
  ],
  [
    'an Ingress by another host, which the controller rewrites',
    ingress()
      .replaceAll('mlflow.example.com', 'other.example.com')
      .replace(
        '{ name: web }',
        '{ name: web, annotations: { nginx.ingress.kubernetes.io/upstream-vhost: mlflow.example.com } }',
      ),
  ],
  [
    'a redirection of the Gateway API, whose status is a number',
    ROUTE.replace(
      'backendRefs: [{ name: mlflow, port: 5000 }]',
      'filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 301 } }]',
    ),
  ],
  ['a cluster-scoped custom resource', ISSUER],
  ['a ConfigMap', configMap('extra')],
  [
    'several documents, an empty one, and a List',
    `${configMap('a')}---\n# nothing\n---\napiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: b } }]\n`,
  ],
  [
    'an ExternalSecret',
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: more }\nspec: { secretStoreRef: { name: vault, kind: ClusterSecretStore }, target: { name: more }, data: [{ secretKey: a, remoteRef: { key: b } }] }\n',
  ],
  ['a Service to another name', service('type: ExternalName, externalName: db.example.com')],
  [
    'a Service without protocols',
    service(
      'selector: { app.kubernetes.io/name: mlflow, app.kubernetes.io/component: server }, ports: [{ port: 80, targetPort: http }]',
    ),
  ],
  [
    'a text for Flux that it leaves alone',
    configMap('script', "run.sh: 'echo $' ")
      .replace('$', '${HOME}')
      .replace('name: script', 'name: script, annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }'),
  ],
  [
    'a token of a ServiceAccount, without data',
    'apiVersion: v1\nkind: Secret\nmetadata: { name: token, annotations: { kubernetes.io/service-account.name: mlflow } }\ntype: kubernetes.io/service-account-token\n',
  ],
  ['a Secret that has nothing yet', '\napiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata: {}\n'],
  [
    'a role with a name that only roles can have',
    '\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: "team:reader" }\nrules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]\n',
  ],
  [
    'a Service for pods that an operator creates',
    `${service('selector: { app: cache }, ports: [{ port: 80 }]')}---\napiVersion: redis.example.com/v1\nkind: Redis\nmetadata: { name: cache }\n`,
  ],
  ['an object that says its namespace', configMap('extra', 'a: b', ', namespace: mlflow')],
];

/** What is accepted with a warning, or refused until it is allowed. */
export const RISKY: readonly (readonly [title: string, text: string, said: RegExp])[] = [
  [
    'a load balancer',
    service(
      'type: LoadBalancer, selector: { app.kubernetes.io/name: mlflow, app.kubernetes.io/component: server }, ports: [{ port: 80 }]',
    ),
    /4:13 Service mlflow\/extra has type LoadBalancer.*open-network/,
  ],
  [
    'a policy for everybody',
    '\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }\nspec: { podSelector: {}, ingress: [{}] }\n',
    /NetworkPolicy mlflow\/a has a rule for port any.*open-network/,
  ],
  [
    'a role for everything',
    '\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: a }\nrules: [{ apiGroups: [""], resources: [secrets], verbs: [list] }]\n',
    /Role mlflow\/a allows list on secrets.*weak-pods/,
  ],
  [
    'a pod without a policy',
    deployment('proxy'),
    /Deployment mlflow\/proxy has pods that no NetworkPolicy covers.*open-network/,
  ],
  [
    'an image whose tag moves',
    deployment('proxy').replace('1.2.3', 'latest'),
    /tag can change between pulls.*weak-pods/,
  ],
];
