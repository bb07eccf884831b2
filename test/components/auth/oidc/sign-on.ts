import type { AuthInput } from '../../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../../lib/environment/model';
import { SMALLEST } from '../../../support/support';

/** The keys of single sign-on, as a user writes them. */
export type Oidc = NonNullable<AuthInput['oidc']>;

/** The keys without which it does nothing. */
export const OIDC: Oidc = {
  issuer: 'https://sso.example.com/realms/ml',
  clientId: 'mlflow',
  redirectUrl: 'https://ml.example.com/oauth2/callback',
};

/** The smallest environment with single sign-on. */
export const signOn = (oidc: Partial<Oidc> = {}, more: Partial<EnvironmentInput> = {}): EnvironmentInput => ({
  ...SMALLEST,
  ...more,
  auth: { ...more.auth, oidc: { ...OIDC, ...oidc } },
});
