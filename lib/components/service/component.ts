import type { Component } from '../component';
import { backendConfigAnnotations } from '../ingress/backend-config';
import type { Ingress } from '../ingress/resolve';
import { type ServedSections, serviceChecks, serviceIssues, serviceWarnings } from './checks';
import { Service } from './construct';
import type { ServiceSection } from './resolve';
import { type ReachedSections, serviceRisks } from './risks';
import { service as section } from './section';

/** The resolved sections that the contributions of this component follow from. */
export interface Sections {
  readonly service: ServiceSection;
}

/** The resolved sections that the Service follows from. */
export interface Resolved extends Sections {
  readonly ingress?: Ingress;
}

/** The Service by which clients reach the server. */
export const service = {
  sections: { service: section.prefault({}) },
  checks: serviceChecks,
  resolve: (given) => ({ service: given.service }),
  issues: serviceIssues,
  warnings: serviceWarnings,
  risks: serviceRisks,
  file: 'service',
  create: (scope, id, resolved, { instance }) => {
    const annotations = backendConfigAnnotations(instance.name, resolved.ingress);
    new Service(scope, id, { instance, service: resolved.service, annotations });
  },
} satisfies Component<Sections, Sections, Resolved & ServedSections & ReachedSections>;
