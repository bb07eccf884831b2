import { quantityValue } from '../../kubernetes/quantity';
import { optionRisks } from '../shared/risks/options';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import { variableRisks } from '../shared/risks/variables';
import type { Server } from './resolve';

interface JudgedSections {
  readonly server: Server;
  readonly auth: { readonly enabled: boolean; readonly secret: string };
}

/** What variables, options and limits of the server open. */
export const serverRisks = ({ server, auth }: JudgedSections): Risk[] => [
  ...Object.entries(server.env).flatMap(([name, value]) =>
    variableRisks(name, value).map((risk) => ({ path: ['server', 'env', name], ...risk })),
  ),
  ...Object.keys(server.envReferences).flatMap((name) =>
    variableRisks(name, undefined).map((risk) => ({ path: ['server', 'env', name], ...risk })),
  ),
  ...Object.entries(server.options).flatMap(([name, value]) =>
    optionRisks(name, String(value)).map((risk) => ({ path: ['server', 'options', name], ...risk })),
  ),
  ...appliedRisks([
    ...Object.entries(server.envReferences).map(([name, { secret }]) => ({
      path: ['server', 'env', name],
      dependsOn: [['auth']],
      risk: 'weak-pods' as const,
      applies: auth.enabled && secret === auth.secret,
      what: `is a part of the administrator's login (Secret ${secret}), which backup and restore do not need, and get`,
      fix: 'use a Secret of its own',
    })),
    {
      path: ['server', 'maxRequestBody'],
      dependsOn: [['server', 'resources']],
      risk: 'weak-server',
      applies: quantityValue(server.maxRequestBody) * 2 > quantityValue(server.resources.limits.memory),
      what: `is ${server.maxRequestBody}, which MLflow holds in memory, so one request can exceed the limit of ${server.resources.limits.memory}`,
      fix: 'lower it, or raise the memory limit',
    },
  ]),
];
