import type { SharedCase } from './taken-over.cases';

/** What leads people to two environments, of which one extends the other, and as whom pods of both log in. */

const STORES = 'database: { host: db.example.com }\nartifacts: { s3: { bucket: models } }\n';
const OWN = 'database: { host: other.example.com }\nartifacts: { s3: { bucket: other } }\n';
const STAGE = `namespace: { name: stage }\n${OWN}`;
/** The same namespace and name: another cluster. */
const CLUSTER = `namespace: { name: mlflow }\n${OWN}`;

const ingress = (more = '') =>
  `${STORES}ingress: { host: a.example.com, controller: traefik, tls: { issuer: ca }${more} }\n`;
const gateway = `${STORES}gateway: { host: a.example.com, controller: traefik, parentRefs: [{ name: web, namespace: web }] }\n`;
const route = `${STORES}route: { host: a.example.com }\n`;
const nodePort = `${STORES}service: { type: NodePort, nodePort: 30500 }\n`;
const balancer = `${STORES}service: { type: LoadBalancer, loadBalancerIP: 10.0.0.5 }\n`;
const outer = `${STORES}service: { externalIPs: [10.0.0.6, 10.0.0.7] }\n`;
const login = `${ingress()}auth: { oidc: { issuer: "https://sso.example.com", clientId: ml, emailDomains: [example.com] } }\n`;
const OTHER_HOST = 'ingress: { host: b.example.com }\n';
const ROLE = 'arn:aws:iam::123456789012:role/models';
const irsa = `database: { host: db.example.com }\nartifacts: { s3: { bucket: models, region: eu-west-1, identity: { irsa: { roleArn: "${ROLE}" } } } }\n`;
const google = `database: { host: db.example.com }\nartifacts: { gcs: { bucket: models, identity: { workloadIdentity: { serviceAccount: a@b.iam.gserviceaccount.com } } } }\n`;

export const SHARED_ENTRIES: readonly SharedCase[] = [
  [
    'the host of an Ingress',
    ingress(),
    STAGE,
    [['3:12 ingress.host', /host a\.example\.com .* reach either .*set ingress\.host;/]],
  ],
  ['the host of an Ingress of another cluster', ingress(), CLUSTER, [['3:12 ingress.host', /host a\.example\.com/]]],
  [
    'further hosts of an Ingress',
    ingress(', additionalHosts: [x.example.com]'),
    STAGE + OTHER_HOST,
    [['3:93 ingress.additionalHosts[0]', /host x\.example\.com .*set ingress\.additionalHosts;/]],
  ],
  ['the host of a Gateway', gateway, STAGE, [['3:12 gateway.host', /set gateway\.host;/]]],
  ['the host of a Route', route, STAGE, [['3:10 route.host', /set route\.host;/]]],
  [
    'a port of the nodes',
    nodePort,
    STAGE,
    [['3:28 service.nodePort', /port 30500 .* only one gets it .*set service\.nodePort;/]],
  ],
  ['an address of a balancer', balancer, STAGE, [['3:32 service.loadBalancerIP', /IP 10\.0\.0\.5 /]]],
  ['an address of a balancer in another cluster', balancer, CLUSTER, [['3:32 service.loadBalancerIP', /10\.0\.0\.5/]]],
  ['outer addresses', outer, STAGE, [['3:12 service.externalIPs', /IPs 10\.0\.0\.6 and 10\.0\.0\.7 /]]],
  [
    'the client of a provider',
    login,
    STAGE + OTHER_HOST,
    [['4:52 auth.oidc.clientId', /client ml of https:\/\/sso\.example\.com .*set auth\.oidc\.clientId;/]],
  ],
  [
    'a role',
    irsa,
    STAGE,
    [
      [
        '2:75 artifacts.s3.identity.irsa.roleArn',
        /role arn:aws:iam::123456789012:role\/models .*set artifacts\.s3\.identity\.irsa\.roleArn;/,
      ],
    ],
  ],
  [
    'an account of Google',
    google,
    'namespace: { name: stage }\ndatabase: { host: other.example.com }\nartifacts: { gcs: { bucket: other } }\n',
    [['2:69 artifacts.gcs.identity.workloadIdentity.serviceAccount', /service account a@b/]],
  ],
];

/** What is no accident, or is not the same: the base, and the file that extends it. */
export const NO_SHARED_ENTRIES: readonly (readonly [string, string, string])[] = [
  ['the host is another', ingress(), STAGE + OTHER_HOST],
  ['the host is written', ingress(), `${STAGE}ingress: { host: a.example.com }\n`],
  ['the path is another', ingress(), `${STAGE}ingress: { path: /stage }\n`],
  ['the static prefix is another', ingress(), `${STAGE}server: { staticPrefix: /stage }\n`],
  ['there is no Ingress', ingress(), `${STAGE}ingress: null\n`],
  ['a Gateway is in its place', ingress(), `${STAGE}ingress: null\n${gateway.replace(STORES, '')}`],
  ['the port of the nodes is another', nodePort, `${STAGE}service: { nodePort: 30501 }\n`],
  ['Kubernetes chooses the port of the nodes', nodePort, `${STAGE}service: { nodePort: null }\n`],
  ['the port is one of nodes of another cluster', nodePort, CLUSTER],
  ['the address is another', balancer, `${STAGE}service: { loadBalancerIP: 10.0.0.8 }\n`],
  ['the Service has no outer address', outer, `${STAGE}service: { externalIPs: [] }\n`],
  ['the client is another', login, `${STAGE}${OTHER_HOST}auth: { oidc: { clientId: stage } }\n`],
  ['the provider is another', login, `${STAGE}${OTHER_HOST}auth: { oidc: { issuer: "https://b.example.com" } }\n`],
  ['nobody logs in there', login, `${STAGE}${OTHER_HOST}auth: { oidc: null }\n`],
  [
    'the role is another',
    irsa,
    `${STAGE.replace('other }', `other, identity: { irsa: { roleArn: "${ROLE}-stage" } } }`)}`,
  ],
];
