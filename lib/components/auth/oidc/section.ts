import { z } from 'zod';
import { dataKey, duration, objectName } from '../../../kubernetes/fields';
import { OAUTH2_PROXY_IMAGE } from '../../../versions';
import { caCertificate } from '../../shared/sections/ca-certificate';
import { section, text } from '../../shared/sections/fields';
import { imageKeys, imageTag, officialRepository } from '../../shared/sections/image';
import { resources } from '../../shared/sections/resources';

/** A URL of the provider, or of the server. The proxy reads lists that are separated by commas. */
const url = () =>
  z
    .string()
    .regex(
      /^https?:\/\/[^\s/?#@$"'\\,]+(\/[^\s#$"'\\,]*)?$/,
      'must be a URL such as https://sso.example.com/realms/ml, without blanks, commas and quotes',
    )
    .refine((text) => URL.canParse(text), 'must be a URL with a host and, optionally, a port');

/** A word of OpenID Connect: the name of a claim or of a scope. */
const word = () => z.string().regex(/^[\w:./-]+$/, 'must be letters, digits, and any of _ : . / -');

/** A name of a user or a group at the provider. */
const name = () => text().max(255);

/** Single sign-on by a proxy beside the server. */
export const oidc = section({
  issuer: url().describe(
    'Issuer of the provider, exactly as its `/.well-known/openid-configuration` has it, which pods and browsers reach ' +
      'by the same address: `https://sso.example.com/realms/ml`.',
  ),
  clientId: text().max(255).describe('ID of the client that is registered at the provider for this instance.'),
  redirectUrl: url()
    .optional()
    .meta({
      description:
        'The redirect URI that is registered at the provider: the address at which people open MLflow, with the path, ' +
        'followed by `/oauth2/callback`. With `https`, browsers send cookies over TLS alone.',
      derived: 'the callback at the host of `ingress`, `gateway` or `route`, otherwise required',
    }),
  secret: objectName().optional().meta({
    description: 'Secret in the namespace with the secret of the client, which the provider issues.',
    derived: '`NAME-oidc`',
  }),
  clientSecretKey: dataKey()
    .default('client-secret')
    .describe('Key of the Secret that contains the secret of the client.'),
  proxySecret: objectName().optional().meta({
    description:
      'Secret in the namespace with what only this instance knows: `cookieSecretKey` and `proxyPasswordKey`.',
    derived: '`NAME-oauth2-proxy`',
  }),
  cookieSecretKey: dataKey()
    .default('cookie-secret')
    .describe(
      'Key of the Secret `proxySecret` that contains the key that encrypts sessions: 16, 24 or 32 bytes, as they are or ' +
        'as URL-safe base64. A new one logs everybody out.',
    ),
  proxyPasswordKey: dataKey()
    .default('proxy-password')
    .describe(
      'Key of the Secret `proxySecret` that contains the password by which the server knows its proxy: 16 or more random ' +
        'characters.',
    ),
  usernameClaim: word()
    .default('email')
    .describe(
      'Claim that becomes the username in MLflow. It must be unique, and a person must not be able to change it to that of ' +
        'another: `email` (unless the provider says that it is not verified), `sub`, or `preferred_username` where ' +
        'users cannot change it.',
    ),
  sharedNames: z
    .array(name())
    .max(1000)
    .default([])
    .describe(
      'Usernames of administrators and of `auth.users` under which people may also come by single sign-on. All other ' +
        'such names are refused: a person with the name at the provider would get the permissions.',
    ),
  emailDomains: z
    .array(z.string().regex(/^[\w-]+(\.[\w-]+)+$/, 'must be a domain such as example.com'))
    .default([])
    .describe('Domains of email addresses that are let in. If empty, all that the provider lets in.'),
  allowedGroups: z
    .array(name())
    .default([])
    .describe('Groups of which a person must be in one. If empty, groups do not matter.'),
  groupsClaim: word().default('groups').describe('Claim with the groups of a person.'),
  scopes: z
    .array(word())
    .min(1)
    .prefault(['openid', 'email', 'profile'])
    .describe('Scopes that are requested. Some providers need another one to send groups, such as `groups`.'),
  bearerTokens: z
    .boolean()
    .default(false)
    .describe(
      'Whether programs may send an ID token, or an access token in the form of one, of the provider in place of a login ' +
        '(`MLFLOW_TRACKING_TOKEN`). Its audience must be `clientId` or one of `audiences`. The log of the proxy then has ' +
        'a line for each request with a login.',
    ),
  audiences: z.array(text().max(255)).default([]).describe('Further audiences of tokens that are accepted.'),
  session: section({
    expiry: duration()
      .prefault('12h')
      .describe('How long a session lasts: a duration such as `12h`. Then the provider is asked again.'),
    refresh: duration()
      .optional()
      .describe(
        'How often the provider is asked within a session whether it still stands, with the refresh token that it ' +
          'issued. If unset, never: a person who is locked out at the provider keeps a session until it expires.',
      ),
  })
    .prefault({})
    .describe('Sessions of browsers. They are in a cookie, so that any pod can read them.'),
  logoutUrl: url()
    .optional()
    .describe(
      'URL of the provider that ends its session too, called by the proxy when a person logs out; `{id_token}` in it is ' +
        'replaced. Keycloak: `ISSUER/protocol/openid-connect/logout?id_token_hint={id_token}`.',
    ),
  ca: caCertificate().optional().describe('CA certificates of the provider, besides those that are publicly trusted.'),
  image: section(
    imageKeys({
      repository: officialRepository(OAUTH2_PROXY_IMAGE.repository, 'Registry and repository, without tag.'),
      tag: imageTag().default(OAUTH2_PROXY_IMAGE.tag).describe('Tag.'),
    }),
  )
    .prefault({})
    .describe('Image that contains oauth2-proxy: the official one, or a copy of it.'),
  resources: resources({ cpuRequest: '20m', cpuLimit: '1', memoryLimit: '256Mi' }).prefault({}),
}).describe(
  'Single sign-on by OpenID Connect: oauth2-proxy beside the server, through which all clients come. People log in at ' +
    'the provider and arrive in MLflow as themselves; programs use a login of MLflow as before, or a token. Needs ' +
    'Kubernetes 1.29 or newer.',
);
