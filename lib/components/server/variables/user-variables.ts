import type { Issue, Path } from '../../../input/issue';
import type { Variable } from '../../../kubernetes/variables';
import type { Release } from '../../../mlflow/releases';
import { settingIssue } from '../../../mlflow/server-variables';
import { RELEASE_KEYS } from '../../image/resolve';
import { type ReservedVariables, reservedFor } from '../../shared/contributions/reserved-variables';
import type { Server } from '../resolve';
import { PROXY, type ProxySections, withExceptions } from './proxies';

type WithEnv = Pick<Server, 'env' | 'envReferences'>;

/** The sections that the variables of the environment file follow from. */
export interface UserSections extends ProxySections {
  readonly server: WithEnv;
}

/** Our variables and those of `server.env`, which override adjustable ones of the same name. */
export function withUserVariables(ours: readonly Variable[], sections: UserSections): Variable[] {
  const { env, envReferences } = sections.server;
  const plain = withExceptions(env, Object.keys(envReferences), sections);
  const given: Variable[] = [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    ...Object.entries(envReferences).map(([name, { secret, configMap = '', key }]) =>
      secret ? { name, secret, key } : { name, configMap, key },
    ),
  ];
  const names = new Set(given.map(({ name }) => name));
  return [...ours.filter(({ name }) => !names.has(name)), ...given];
}

/** Those of `server.env` that say which proxy leads out of the cluster, for a container that takes no others. */
export const outgoingVariables = (sections: UserSections): Variable[] =>
  withUserVariables([], sections).filter(({ name }) => PROXY.test(name) || /^no_proxy$/i.test(name));

/** The variables of a Job. Those of `server.env` do not override its own. */
export function withJobVariables(
  common: readonly Variable[],
  own: readonly Variable[],
  sections: UserSections,
): Variable[] {
  const names = new Set(own.map(({ name }) => name));
  return [...withUserVariables(common, sections).filter(({ name }) => !names.has(name)), ...own];
}

/**
 * Variables of `server.env`, or of another map, that set an option of the server, contain credentials, determine where these are sent, or are
 * expanded in others: another value would contradict what is rendered, break the pods, or set a publicly known login for
 * the administrator.
 *
 * @param at where the map is
 * @param rendered every variable of the containers that take it
 * @param reserved further variables that it may not set
 */
export function variableIssues(
  { env, envReferences, release }: WithEnv & { readonly release: Release },
  at: Path,
  rendered: readonly Variable[],
  reserved: readonly ReservedVariables[],
): Issue[] {
  const ours = new Set(rendered.flatMap((variable) => (isAdjustable(variable) ? [] : [variable.name])));
  const overriding = (name: string) => {
    const instead = reservedFor(name, reserved);
    if (instead === undefined && !ours.has(name)) return undefined;
    return `overrides what the environment file sets (${instead ?? 'use the corresponding key of the environment file'})`;
  };
  // The values of objects are unknown here.
  const unknown = Object.keys(envReferences).map((name) => [name, ''] as const);
  return [...Object.entries(env), ...unknown].flatMap(([name, value]) => {
    const path = [...at, name];
    const setting = settingIssue(name, value, release);
    if (setting) return [{ path, message: setting.message, ...(setting.ofRelease ? { dependsOn: RELEASE_KEYS } : {}) }];
    const message = overriding(name);
    return message ? [{ path, message }] : [];
  });
}

const isAdjustable = (variable: Variable) => 'value' in variable && variable.adjustable === true;
