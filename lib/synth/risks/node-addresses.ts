import { serversOf } from './exposure';
import type { ObjectRiskCheck } from './object-risk';

/** Servers without a login on an address of their node, past the Service. */
export const serversOnNodes: ObjectRiskCheck = (objects, environment) =>
  serversOf(objects, environment)
    .filter(({ hasLogin, spec, containers }) => {
      const takesPort = containers.some(({ ports = [] }) => ports.some(({ hostPort }) => hostPort !== undefined));
      return !hasLogin && (spec.hostNetwork === true || takesPort);
    })
    .map(({ object }) => ({
      object,
      risk: 'no-login',
      what: 'is on the address of its node, but checks no login, so everyone who reaches the node can change everything',
      fix: 'use the Service',
    }));
