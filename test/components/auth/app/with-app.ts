import type { AuthInput } from '../../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../../lib/environment/model';
import { SMALLEST } from '../../../support/support';

/** The keys of an authentication app, as a user writes them. */
export type App = NonNullable<AuthInput['app']>;

/** The key without which there is none. */
export const APP: App = { name: 'oidc-auth' };

/** The smallest environment with an app, whose image brings it. */
export const withApp = (app: Partial<App> = {}, more: Partial<EnvironmentInput> = {}): EnvironmentInput => ({
  ...SMALLEST,
  image: { repository: 'registry.example.com/mlflow', tag: '3.18.0' },
  ...more,
  auth: { ...more.auth, app: { ...APP, ...app } },
});
