import { SMALL_FILE } from '../support/invalid-file';
import type { InvalidFileCase } from './invalid-files.cases';

/** Files whose image or release is invalid, or does not fit the server's settings. */
export const INVALID_RELEASES: readonly InvalidFileCase[] = [
  ['a release that is too old', `${SMALL_FILE}image: { tag: 2.22.0 }\n`, [['6:10', 'image.tag', /2\.22\.0.*3\.1\.0/]]],
  ['a tag that names no release', `${SMALL_FILE}image: { tag: latest }\n`, [['6:10', 'image.tag', /mlflowVersion/]]],
  [
    'a digest without a release',
    `${SMALL_FILE}image: { digest: "sha256:${'a'.repeat(64)}" }\n`,
    [['6:10', 'image.digest', /mlflowVersion/]],
  ],
  ['the bare official image', `${SMALL_FILE}image: { tag: v3.18.0 }\n`, [['6:10', 'image.tag', /-full/]]],
  [
    'an official image that lacks authentication',
    `${SMALL_FILE}image: { tag: v3.11.1-full }\n`,
    [['6:10', 'image.tag', /3\.14\.0/]],
  ],
  [
    'options that the release does not know, that are none, or have a key of their own',
    `${SMALL_FILE}image: { repository: own/mlflow, tag: 3.1.0 }\nserver:\n  options:\n    uvicorn-opts: x\n    x-frame-optoins: DENY\n    workers: 2\n    enable-workspaces: 1\n    allowed-hosts: a\n`,
    [
      ['9:5', 'server.options.uvicorn-opts', /3\.1\.0.*3\.3\.0/],
      ['10:5', 'server.options.x-frame-optoins', /x-frame-options/],
      ['11:5', 'server.options.workers', /server\.workers/],
      ['12:5', 'server.options.enable-workspaces', /3\.10\.0/],
      ['13:5', 'server.options.allowed-hosts', /server\.allowedHosts/],
    ],
  ],
  [
    'an option out of its bounds',
    `${SMALL_FILE}server: { options: { secrets-cache-ttl: 5 } }\n`,
    [['6:22', 'server.options.secrets-cache-ttl', /10 to 300/]],
  ],
  [
    'too little memory',
    `${SMALL_FILE}server: { workers: 16 }\n`,
    [
      ['1:1', 'database.maxConnections', /100/],
      ['6:1', 'server.resources.limits.memory', /16 workers/],
    ],
  ],
  [
    'temporary storage that is larger than the disk of the container',
    `${SMALL_FILE}server:\n  temporaryStorage: 10Gi\n  resources: { limits: { ephemeral-storage: 5Gi } }\n`,
    [['7:3', 'server.temporaryStorage', /limit of 5Gi/]],
  ],
];
