import type { Vulnerability } from './model';

/** A row of this table. */
type Row = Omit<Vulnerability, 'ids' | 'concerns' | 'needs' | 'mitigatedBy' | 'source'> & {
  /** @default `login` */
  readonly needs?: Vulnerability['needs'];
  /** @default what the start program checks */
  readonly mitigatedBy?: Vulnerability['mitigatedBy'];
  /** What we read in the packages of neighboring releases, or ran. */
  readonly code: string;
};

const ROWS: readonly Row[] = [
  {
    what: 'do everything below a static prefix that begins like a path without a login, such as `/static-ui`',
    needs: 'nothing',
    severity: 'critical',
    fixedIn: '3.18.0',
    mitigatedBy: ['safePrefix'],
    code: 'packages of 3.17.2 and 3.18.0 (`is_unprotected_route`); run on 3.1.0',
  },
  {
    what: 'read, overwrite and delete all artifacts through `/ajax-api/2.0/mlflow-artifacts`',
    severity: 'critical',
    fixedIn: '3.10.0',
    code: 'packages of 3.9.0 and 3.10.0; run on 3.1.0',
  },
  {
    what: 'read and overwrite all artifacts by a path that is checked as another one than it is served as',
    severity: 'critical',
    since: '3.15.0',
    fixedIn: '3.17.0',
    code: 'packages of 3.14.0, 3.15.0, 3.16.1 and 3.17.0; run on 3.16.1',
  },
  {
    what: 'list all evaluation datasets and issues, and count all traces, by a message that is read in part',
    severity: 'medium',
    since: '3.4.0',
    fixedIn: '3.18.0',
    code: 'packages of 3.4.0, 3.12.0, 3.16.1, 3.17.2 and 3.18.0; run on 3.15.2',
  },
  {
    what: 'rename the experiment `Default` by a message that is read in part',
    severity: 'low',
    code: 'packages of 3.12.0 and 3.18.0; run on 3.15.2 and 3.18.0',
  },
  {
    what: 'read the data of traces of others, whose ids they know, by a tag in a span',
    severity: 'medium',
    since: '3.13.0',
    code: 'packages of 3.12.0, 3.13.0 and 3.17.2; the tag run on 3.15.2 and 3.18.0',
  },
  {
    what: 'link traces to runs of others by a header',
    severity: 'low',
    since: '3.14.0',
    code: 'packages of 3.14.0 and 3.18.0 (`MLFLOW_RUN_ID_HEADER`); run on 3.15.2 and 3.18.0',
  },
  {
    what: 'delete the scorers of others, in experiments that they may edit, after registering a version',
    severity: 'low',
    since: '3.7.0',
    code: 'packages of 3.9.0, 3.12.0 and 3.18.0 (`set_can_manage_scorer_permission`)',
  },
  {
    what: 'copy the name and the schema of an evaluation dataset of others, whose id they know, by the optimization of a prompt',
    severity: 'low',
    since: '3.10.0',
    code: 'packages of 3.10.0, 3.12.0 and 3.18.0 (`_create_prompt_optimization_job`)',
  },
  {
    what: 'read the traces of others by evaluations and the detection of issues, and write assessments of them by scorers',
    severity: 'high',
    since: '3.9.0',
    fixedIn: '3.17.0',
    code: 'packages of 3.9.0, 3.12.0, 3.15.2 and 3.16.1',
  },
  {
    what: 'use the keys of others in the AI gateway by the detection of issues',
    severity: 'high',
    since: '3.11.1',
    fixedIn: '3.17.0',
    mitigatedBy: ['jobsOff'],
    code: 'packages of 3.12.0 and 3.16.1 (`_invoke_issue_detection_handler`)',
  },
  {
    what: 'delete the artifacts of others whose experiment has an id that begins like that of an own one',
    severity: 'high',
    fixedIn: '3.16.0',
    code: 'packages of 3.14.0 and 3.16.0 (`_is_object_key_within_path`); run on 3.1.0 and 3.12.0, with S3',
  },
  {
    what: 'use the keys of others in the AI gateway by an endpoint with a model of theirs',
    severity: 'high',
    since: '3.9.0',
    fixedIn: '3.17.0',
    code: 'packages of 3.16.0 and 3.17.0 (`validate_can_attach_model_to_gateway_endpoint`); run on 3.9.0 and 3.12.0',
  },
  {
    what: 'add traces to the experiments of others by the usage of an endpoint of the AI gateway',
    severity: 'medium',
    since: '3.10.0',
    code: 'packages of 3.9.0 and 3.10.1; run on 3.12.0 and 3.18.0',
  },
  {
    what: 'find out the tags of hidden model versions by the tokens of pages of a search',
    severity: 'medium',
    code: 'run on 3.1.0, 3.9.0, 3.12.0 and 3.18.0',
  },
  {
    what: 'list the runs of every experiment by a search',
    severity: 'medium',
    fixedIn: '3.6.0',
    code: 'packages of 3.5.0 and 3.6.0; run on 3.1.0 and 3.7.0',
  },
];

/** Ways around the login or the permissions that we found, and of which no advisory is known. */
export const UNPUBLISHED_VULNERABILITIES: readonly Vulnerability[] = ROWS.map(({ code, ...row }) => ({
  ids: [],
  concerns: 'access',
  needs: 'login',
  mitigatedBy: ['permissionChecks'],
  ...row,
  source: { code },
}));
