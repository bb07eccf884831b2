import { quantityValue } from '../../kubernetes/quantity';
import { optionRisks } from '../shared/risks/options';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import { variableRisks } from '../shared/risks/variables';
import type { Server } from './resolve';

/** What variables, options and limits of the server open. */
export const serverRisks = ({ server }: { readonly server: Server }): Risk[] => [
  ...Object.entries(server.env).flatMap(([name, value]) =>
    variableRisks(name, value).map((risk) => ({ path: ['server', 'env', name], ...risk })),
  ),
  // Some variables run code whatever they are.
  ...Object.keys(server.envReferences).flatMap((name) =>
    variableRisks(name, 'unknown')
      .filter(({ risk }) => risk === 'foreign-code')
      .map((risk) => ({ path: ['server', 'env', name], ...risk })),
  ),
  ...Object.entries(server.options).flatMap(([name, value]) =>
    optionRisks(name, String(value)).map((risk) => ({ path: ['server', 'options', name], ...risk })),
  ),
  ...appliedRisks([
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
