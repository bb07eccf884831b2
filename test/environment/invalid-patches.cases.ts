import { SMALL_FILE } from '../support/invalid-file';
import type { InvalidFileCase } from './invalid-files.cases';

/** Files with patches that cannot be applied, or leave an object that is wrong. */
export const INVALID_PATCHES: readonly InvalidFileCase[] = [
  [
    'a variable that a patch adds before what it expands',
    `${SMALL_FILE}patches:\n  - { kind: Deployment, name: mlflow, operations: [{ op: add, path: /spec/template/spec/containers/0/env/0, value: { name: A, value: $(PGHOST) } }] }\n`,
    [['7:5', 'patches[0]', /sets A from \$\(PGHOST\)/]],
  ],
  [
    'a path that is no JSON Pointer, beside issues of sections',
    `${SMALL_FILE}service: { port: 0 }\nserver: { workers: x }\npatches:\n  - { kind: Service, name: mlflow, operations: [{ op: remove, path: spec }] }\n  - { kind: Service, name: mlflow, operations: [{ op: remove, path: /spec/a~b }] }\n`,
    [
      ['6:12', 'service.port', /at least 1/],
      ['7:11', 'server.workers', /a number/],
      ['9:63', 'patches[0].operations[0].path', /JSON Pointer/],
      ['10:63', 'patches[1].operations[0].path', /~1 stands for \//],
    ],
  ],
  [
    'a patch that matches nothing',
    `${SMALL_FILE}patches:\n  - { kind: Service, name: x, operations: [{ op: remove, path: /spec }] }\n`,
    [['7:5', 'patches[0]', /Service mlflow/]],
  ],
  [
    'a patch that does not apply',
    `${SMALL_FILE}patches:\n  - { kind: Service, name: mlflow, operations: [{ op: remove, path: /x }] }\n`,
    [['7:49', 'patches[0].operations[0]', /\/x/]],
  ],
  [
    'a patch without its value',
    `${SMALL_FILE}patches:\n  - { kind: Service, name: mlflow, operations: [{ op: add, path: /x }] }\n`,
    [['7:49', 'patches[0].operations[0].value', /missing/]],
  ],
  [
    'a patch of a whole Job',
    `${SMALL_FILE}patches:\n  - { kind: Job, name: mlflow, operations: [{ op: remove, path: "" }] }\n`,
    [['7:59', 'patches[0].operations[0].path', /Job/]],
  ],
];
