import { EMBEDDED_FILE, SMALL_FILE } from '../support/invalid-file';

/** A file with its issues in order: the location, the key, and words of the message. */
export type InvalidFileCase = readonly [
  title: string,
  content: string,
  issues: readonly (readonly [location: string, key: string, message: RegExp])[],
];

/** Files with issues, except those of an image, a release or a patch. */
export const INVALID_FILES: readonly InvalidFileCase[] = [
  ['an unknown key', `${SMALL_FILE}serivce: {}\n`, [['6:1', 'serivce', /service/]]],
  ['an unknown key that is near none', `${SMALL_FILE}qqqqqqqq: {}\n`, [['6:1', 'qqqqqqqq', /database.*artifacts/]]],
  [
    'an unknown key in a list',
    `${SMALL_FILE}patches:\n  - kind: A\n    nmae: b\n    name: b\n    operations: [{ op: remove, path: /a }]\n`,
    [['8:5', 'patches[0].nmae', /name/]],
  ],
  [
    'issues of many kinds, in the order of the file',
    `service:\n  port: 70000\n  tpye: NodePort\n${SMALL_FILE}auth: { defaultPermission: WRITE }\nname: A\n`,
    [
      ['2:3', 'service.port', /70000.*65535/],
      ['3:3', 'service.tpye', /type/],
      ['9:9', 'auth.defaultPermission', /READ, EDIT, MANAGE, NO_PERMISSIONS/],
      ['10:1', 'name', /lowercase/],
    ],
  ],
  [
    'a value in the place of the name of its key',
    `${SMALL_FILE}auth: { passwordKey: 'hunter2 hunter2' }\n`,
    [['6:9', 'auth.passwordKey', /key name of letters, digits, -, _ and \.; put the value itself into the Secret/]],
  ],
  ['a number for a tag', `${SMALL_FILE}image:\n  tag: 3.10\n`, [['7:3', 'image.tag', /quotes/]]],
  [
    'a Secret for the registry in both keys, and one twice',
    `${SMALL_FILE}image:\n  pullSecret: a\n  pullSecrets: [b, c, b]\n`,
    [
      ['8:3', 'image.pullSecrets', /move pullSecret into the list/],
      ['8:23', 'image.pullSecrets[2]', /twice \(keep one\)/],
    ],
  ],
  ['a value that is missing', `${SMALL_FILE}auth:\n  secret:\n`, [['7:3', 'auth.secret', /no value/]]],
  [
    'what every environment needs',
    'name: x\n',
    [
      ['1:1', 'database.host', /missing/],
      ['1:1', 'artifacts.s3.bucket', /missing/],
    ],
  ],
  [
    'a store that is only switched on',
    'database:\n  embedded: true\nartifacts:\n  embedded:\n  s3: {}\n',
    [
      ['2:3', 'database.embedded', /is true .*\{\} for its defaults/],
      ['4:3', 'artifacts.embedded', /has no value \(write \{\} for its defaults/],
    ],
  ],
  [
    'a store of its own beside one elsewhere',
    'database:\n  embedded: {}\n  host: postgres\n  port: 5433\nartifacts:\n  embedded: {}\n  access: direct\n  s3:\n    endpoint: http://minio:9000\n    addressingStyle: virtual\n',
    [
      ['3:3', 'database.host', /remove one of the two/],
      ['4:3', 'database.port', /5432/],
      ['7:3', 'artifacts.access', /proxied/],
      ['9:5', 'artifacts.s3.endpoint', /remove one of the two/],
      ['10:5', 'artifacts.s3.addressingStyle', /path/],
    ],
  ],
  [
    'a claim that two would use, and a name that is too long for Jobs',
    `name: ${'n'.repeat(40)}\n${EMBEDDED_FILE.replace('name: b', 'name: a')}`,
    [
      ['1:1', 'name', /40 characters.*34/],
      ['24:7', 'artifacts.embedded.storage.name', /another claim/],
    ],
  ],
  [
    'keys of a generated Secret that are the same',
    `secrets: { provider: generated }\nauth: { passwordKey: a, flaskSecretKeyKey: a }\n${SMALL_FILE}`,
    [['2:25', 'auth.flaskSecretKeyKey', /is a, .*use another key/]],
  ],
  [
    'a place in a list',
    `${SMALL_FILE}networkPolicy:\n  clients:\n    cidrs:\n      - 10.0.0.0/8\n      - 10.0.0.0/33\n`,
    [['10:9', 'networkPolicy.clients.cidrs[1]', /address block/]],
  ],
  [
    'blocks and addresses of IPv4 in the form of IPv6',
    `${SMALL_FILE}networkPolicy:\n  egress:\n    - cidr: ::ffff:169.254.169.254/128\n    - cidr: 0:0:0:0:0:FFFF:a9fe:a9fe/112\nservice:\n  type: LoadBalancer\n  loadBalancerIP: ::ffff:a00:1\n`,
    [
      ['8:7', 'networkPolicy.egress[0].cidr', /form of IPv6/],
      ['9:7', 'networkPolicy.egress[1].cidr', /form of IPv6/],
      ['12:3', 'service.loadBalancerIP', /form of IPv6/],
    ],
  ],
  [
    'characters that no sign stands for',
    `${SMALL_FILE}labels: { a: b }\nannotations: { note: "a\\x7fb", more: "\\x85", nul: "\\0" }\n`,
    [
      ['7:16', 'annotations.note', /U\+007F.*remove it/],
      ['7:32', 'annotations.more', /U\+0085/],
      ['7:46', 'annotations.nul', /U\+0000/],
    ],
  ],
  [
    'a key that needs another',
    `${SMALL_FILE}service: { nodePort: 30800 }\n`,
    [['6:12', 'service.nodePort', /NodePort/]],
  ],
  [
    'two keys that must differ, and a wrong type elsewhere, in one run',
    `${SMALL_FILE.replace('host: postgres', 'host: postgres\n  authName: mlflow')}mlflowVersion: 3.5.1\nimage: { digest: "sha256:${'0'.repeat(64)}" }\nservice: { port: "80" }\n`,
    [
      ['3:3', 'database.authName', /or 3\.6\.0 or newer/],
      ['9:12', 'service.port', /a number/],
    ],
  ],
  [
    'certificates that are needed',
    `${SMALL_FILE.replace('host: postgres', 'host: postgres\n  tls: { mode: verify-ca }')}`,
    [['3:3', 'database.tls.ca', /verify-ca needs/]],
  ],
  [
    'certificates of two sources',
    `${SMALL_FILE}    tls: { ca: { secret: a, configMap: b } }\n`,
    [['6:12', 'artifacts.s3.tls.ca', /either/]],
  ],
  [
    'a request above its limit',
    `${SMALL_FILE}server:\n  resources:\n    requests: { memory: 4Gi }\n    limits: { memory: 2048Mi }\n`,
    [['8:17', 'server.resources.requests.memory', /2Gi/]],
  ],
  [
    'a taint that is not compared',
    `${SMALL_FILE}server:\n  tolerations: [{ operator: Exists, value: x }]\n`,
    [['7:17', 'server.tolerations[0]', /Exists/]],
  ],
  [
    'a volume that cannot be shared',
    `${SMALL_FILE}server: { replicas: 2 }\nstorage: { data: { mountPath: /data } }\n`,
    [['6:11', 'server.replicas', /ReadWriteMany/]],
  ],
  [
    'a path that is taken',
    `${SMALL_FILE}storage: { data: { mountPath: /tmp/x } }\n`,
    [['6:20', 'storage.data.mountPath', /\/data/]],
  ],
  [
    'a path that leads back',
    `${SMALL_FILE}storage: { data: { mountPath: /data/../tmp } }\n`,
    [['6:20', 'storage.data.mountPath', /\.\./]],
  ],
  [
    'seconds of a taint that ends no pod',
    `${SMALL_FILE}server:\n  tolerations: [{ key: a, tolerationSeconds: 5 }]\n`,
    [['7:27', 'server.tolerations[0].tolerationSeconds', /NoExecute/]],
  ],
  [
    'DNS servers of two places, of none, and none at all',
    `${SMALL_FILE}networkPolicy:\n  dns:\n    - { namespace: a, cidr: 10.0.0.0/8 }\n    - port: 5353\n`,
    [
      ['8:7', 'networkPolicy.dns[0]', /either/],
      ['9:7', 'networkPolicy.dns[1]', /either/],
    ],
  ],
  [
    'an egress rule of two destinations',
    `${SMALL_FILE}networkPolicy: { egress: [{ namespace: a, cidr: 10.0.0.0/8 }] }\n`,
    [['6:27', 'networkPolicy.egress[0]', /either/]],
  ],
  [
    'certificates of the database that nothing would be checked against',
    `${SMALL_FILE.replace('artifacts', '  tls: { mode: require, ca: { secret: x } }\nartifacts')}`,
    [['3:10', 'database.tls.mode', /verify-full/]],
  ],
  [
    "a namespace of the cluster's own",
    `${SMALL_FILE}namespace: { name: kube-system }\n`,
    [['6:14', 'namespace.name', /create: false/]],
  ],
  [
    'an official image that does not exist',
    `${SMALL_FILE}image: { tag: v3.8.0-full }\nauth: { enabled: false }\n`,
    [['6:10', 'image.tag', /3\.9\.0 on \(use a -full tag of 3\.9\.0/]],
  ],
  [
    'text that Flux would replace',
    `${SMALL_FILE}server:\n  env: { A: "${'$'}{B}" }\n`,
    [['7:10', 'server.env.A', /Flux/]],
  ],
  [
    'text that the kubelet would replace in an argument',
    `${SMALL_FILE.replace('host: ', 'name: $(PGPASSWORD)\n  host: ')}`,
    [['2:3', 'database.name', /\$/]],
  ],
  [
    'an issue of the model and one of the release',
    `${SMALL_FILE}image: { tag: v3.9.0-full }\nservice: { prot: 1 }\n`,
    [
      ['6:10', 'image.tag', /3\.14\.0/],
      ['7:12', 'service.prot', /port/],
    ],
  ],
  ['too few connections', `${SMALL_FILE}server: { replicas: 20 }\n`, [['1:1', 'database.maxConnections', /40 pods/]]],
  [
    "a variable that is the server's own",
    `${SMALL_FILE}server:\n  env: { PGPASSWORD: x, A: b }\n`,
    [['7:10', 'server.env.PGPASSWORD', /use database\.credentials/]],
  ],
  [
    'variables in a circle',
    `${SMALL_FILE}server:\n  env: { A: $(B), B: x$(A), C: $(A) }\n`,
    [
      ['7:10', 'server.env.A', /remove the circle/],
      ['7:19', 'server.env.B', /remove the circle/],
    ],
  ],
  [
    'names that a registry or a store refuses',
    `${SMALL_FILE.replace('artifacts\n', 'x..y\n')}image: { repository: "ghcr.io:443", tag: v3.18.0-full }\n`,
    [
      ['5:5', 'artifacts.s3.bucket', /two dots/],
      ['6:10', 'image.repository', /without tag/],
    ],
  ],
  [
    'a bucket that looks like an address',
    SMALL_FILE.replace('artifacts\n', '192.168.1.1\n'),
    [['5:5', 'artifacts.s3.bucket', /no IP address/]],
  ],
  [
    'taints that a node cannot have',
    `${SMALL_FILE}server:\n  tolerations:\n    - { key: a b, value: c }\n    - { key: a, value: b/c }\n`,
    [
      ['8:9', 'server.tolerations[0].key', /example\.com\/team/],
      ['9:17', 'server.tolerations[1].value', /letters, digits/],
    ],
  ],
  [
    'a schedule that never runs',
    `${SMALL_FILE}garbageCollection: { schedule: 0 0 30 2 * }\n`,
    [['6:22', 'garbageCollection.schedule', /never runs: February has no day 30/]],
  ],
  [
    'annotations that are too long',
    `${SMALL_FILE}annotations: { a: ${'x'.repeat(300_000)} }\n`,
    [['6:1', 'annotations', /at most 131072 bytes/]],
  ],
  ['tabs', 'database:\n\thost: x\n', [['2:1', '', /[Tt]ab/]]],
  ['a key given twice', `${SMALL_FILE}name: a\nname: b\n`, [['7:1', 'name', /given twice/]]],
  ['two documents', `${SMALL_FILE}---\n${SMALL_FILE}`, [['6:1', '', /more than one/]]],
];
