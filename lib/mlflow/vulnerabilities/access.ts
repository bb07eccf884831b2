import type { Needs, Vulnerability } from './model';

/** A row of this table. */
type Row = Omit<Vulnerability, 'concerns' | 'needs'> & {
  /** @default `login` */
  readonly needs?: Needs;
};

const ROWS: readonly Row[] = [
  {
    ids: ['CVE-2026-48710', 'GHSA-86qp-5c8j-p5mr'],
    what: 'use the AI gateway without a login by a `Host` header with a slash, if the image has Starlette below 1.0.1',
    needs: 'nothing',
    severity: 'high',
    since: '3.9.0',
    fixedIn: '3.14.0',
    mitigatedBy: ['hostCheck'],
    source: {
      advisory: 'Starlette 1.0.1; https://github.com/mlflow/mlflow/pull/23685',
      code: 'packages of 3.8.1, 3.9.0, 3.13.0 and 3.14.0 (`get_routed_asgi_path`); run on 3.12.0 with Starlette 0.48.0',
    },
  },
  {
    ids: ['CVE-2026-2651', 'GHSA-8c7q-86fq-vvmh'],
    what: 'overwrite all artifacts by multipart uploads',
    severity: 'critical',
    fixedIn: '3.10.0',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: 'fixed in 3.10.0, elsewhere 3.11.0', code: 'packages of 3.9.0 and 3.10.0' },
  },
  {
    ids: ['CVE-2025-14297'],
    what: 'read files of every run, model version and trace, and add files to runs',
    severity: 'high',
    fixedIn: '3.7.0',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: 'no fixed release', code: 'packages of 3.6.0 and 3.7.0; run on 3.1.0' },
  },
  {
    ids: ['CVE-2025-14297'],
    what: 'read every experiment and run by GraphQL',
    severity: 'high',
    fixedIn: '3.8.0',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: 'no fixed release', code: 'packages of 3.7.0 and 3.8.0; run on 3.1.0' },
  },
  {
    ids: ['CVE-2026-2734', 'GHSA-w5xq-c4pf-ghq7'],
    what: 'list all model versions with their sources and tags',
    severity: 'medium',
    fixedIn: '3.10.0',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: 'fixed in 3.10.0', code: 'packages of 3.9.0 and 3.10.0; run on 3.1.0' },
  },
  {
    ids: ['CVE-2026-33866', 'GHSA-46r5-x6jq-v8g6'],
    what: 'download every logged model',
    severity: 'medium',
    fixedIn: '3.11.1',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: '3.10.1 and older', code: 'packages of 3.10.1 and 3.11.1' },
  },
  {
    ids: ['CVE-2026-8147', 'GHSA-2cm6-r77w-6g96', 'CVE-2025-15381', 'GHSA-g6pg-52vf-843h'],
    what: 'read, write and delete every trace and assessment',
    severity: 'high',
    fixedIn: '3.13.0',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: 'fixed in 3.13.0, elsewhere 3.8.1 the last', code: 'packages of 3.12.0 and 3.13.0' },
  },
  {
    ids: ['GHSA-qqq6-8wgv-xjqg'],
    what: 'read the files of every trace through `/ajax-api/3.0`',
    severity: 'medium',
    since: '3.9.0',
    fixedIn: '3.14.0',
    mitigatedBy: ['permissionChecks'],
    source: {
      advisory: 'https://github.com/mlflow/mlflow/pull/23317',
      code: 'packages of 3.8.1, 3.9.0, 3.13.0 and 3.14.0',
    },
  },
  {
    ids: ['GHSA-3p64-6gvh-82v5'],
    what: 'add inputs and outputs to every run',
    severity: 'medium',
    fixedIn: '3.15.0',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: 'the route', code: 'packages of 3.14.0 and 3.15.0' },
  },
  {
    ids: ['CVE-2026-3198', 'GHSA-r5m9-wm49-959f'],
    what: 'list all keys (without their values), endpoints and models of the AI gateway',
    severity: 'medium',
    since: '3.9.0',
    fixedIn: '3.16.0',
    mitigatedBy: ['permissionChecks'],
    source: { advisory: 'fixed in 3.11.0', code: 'packages of 3.9.0 to 3.16.0: no check before 3.16.0' },
  },
  {
    ids: ['CVE-2026-118625', 'CVE-2026-118626'],
    what: 'read and change all evaluation datasets (3.4.0), issues (3.11.1) and more routes without a permission rule, and upload files to every run (3.12.0)',
    severity: 'high',
    since: '3.4.0',
    fixedIn: '3.16.0',
    mitigatedBy: ['permissionChecks'],
    source: {
      advisory: 'affects 3.14.0; https://github.com/mlflow/mlflow/pull/25063 and its parts',
      code: 'packages of 3.3.2 to 3.16.0',
    },
  },
  {
    ids: ['CVE-2026-118624'],
    what: 'read and cancel the jobs of others',
    severity: 'medium',
    since: '3.5.0',
    fixedIn: '3.16.0',
    mitigatedBy: ['jobsOff'],
    source: { advisory: 'affects 3.13.0; https://github.com/mlflow/mlflow/pull/25069' },
  },
  {
    ids: ['CVE-2026-2652', 'GHSA-75cm-x2w3-8mgf'],
    what: 'write traces, and start and read jobs, without a login',
    needs: 'nothing',
    severity: 'high',
    since: '3.4.0',
    fixedIn: '3.10.0',
    mitigatedBy: ['guard', 'jobsOff'],
    source: { advisory: 'fixed in 3.10.0', code: 'packages of 3.3.2, 3.4.0, 3.9.0 and 3.10.0' },
  },
  {
    ids: ['CVE-2026-0545', 'GHSA-7qhf-v65m-g5f3'],
    what: 'start and read jobs without a login',
    needs: 'nothing',
    severity: 'critical',
    since: '3.5.0',
    fixedIn: '3.11.1',
    mitigatedBy: ['jobsOff'],
    source: { advisory: '3.10.1 and older' },
  },
  {
    ids: ['CVE-2026-2635', 'GHSA-gq3w-7jj3-x7gr'],
    what: 'log in as administrator with a default password',
    needs: 'nothing',
    severity: 'critical',
    fixedIn: '3.16.1',
    mitigatedBy: ['ownPassword'],
    source: { advisory: 'fixed in 3.8.0, elsewhere 3.16.1', code: 'packages of 3.16.0 and 3.16.1' },
  },
];

/** Ways around the login or the permissions that advisories name. */
export const ACCESS_VULNERABILITIES: readonly Vulnerability[] = ROWS.map((row) => ({
  concerns: 'access',
  needs: 'login',
  ...row,
}));
