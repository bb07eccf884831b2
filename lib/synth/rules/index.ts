import type { Fault, Path } from '../../environment/fault';
import type { ResolvedEnvironment } from '../../mlflow/resolved-environment';
import { type Component, describeManifest, type Manifest } from '../manifest';
import { rightNamespaces, uniqueObjects, validNames } from './names';
import { podsAreWhole, referencesResolve, servicePortsResolve } from './references';
import type { Finding, Rule } from './rule';
import { selectorsMeetTheirPods } from './selectors';
import { noSubstitution, nothingEmpty } from './text';

/** What must hold over the whole output of an environment, at every synth. */
export const RULES: readonly Rule[] = [
  validNames,
  uniqueObjects,
  rightNamespaces,
  referencesResolve,
  podsAreWhole,
  servicePortsResolve,
  selectorsMeetTheirPods,
  noSubstitution,
  nothingEmpty,
];

/** Everything that breaks a rule, as faults of the environment; a patch is the likeliest cause and is named as place. */
export function checkRules(components: readonly Component[], environment: ResolvedEnvironment): Fault[] {
  const objects = components.flatMap((component) => component.objects);
  return RULES.flatMap((rule) => {
    const findings = check(rule, objects, environment);
    if (!findings) {
      const message = `leave an object in a shape that Kubernetes does not know [rule ${rule.name} cannot read it] (see kubectl explain)`;
      return [{ path: ['patches'], message }];
    }
    return findings.map(({ object, message }) => {
      const patch = environment.patches.findIndex(
        ({ kind, name }) => kind === object.kind && name === object.metadata.name,
      );
      const path: Path = patch >= 0 ? ['patches', patch] : [];
      return { path, message: `${describeManifest(object)} ${message} [rule ${rule.name}: ${rule.reason}]` };
    });
  });
}

/** What a rule finds, or undefined when a patch made something that it cannot even read. */
function check(rule: Rule, objects: readonly Manifest[], environment: ResolvedEnvironment): Finding[] | undefined {
  try {
    return rule.check(objects, environment);
  } catch (error) {
    if (environment.patches.length === 0) throw error;
    return undefined;
  }
}
