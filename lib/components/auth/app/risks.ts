import type { Risk } from '../../shared/risks/risk';
import { variableRisks } from '../../shared/risks/variables';
import type { App } from './resolve';

/** What variables of the app open, as those of `server.env` do. */
export const appRisks = (app: App | undefined): Risk[] =>
  app
    ? [...Object.entries(app.env), ...Object.keys(app.envReferences).map((name) => [name, undefined] as const)].flatMap(
        ([name, value]) => variableRisks(name, value).map((risk) => ({ path: ['auth', 'app', 'env', name], ...risk })),
      )
    : [];
