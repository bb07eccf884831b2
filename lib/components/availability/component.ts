import type { Component } from '../component';
import { type Availability, type GivenAvailability, resolveAvailability } from './resolve';
import { availability as section } from './section';

/** What keeps the server available while nodes are drained or fail. */
export const availability = {
  sections: { availability: section.prefault({}) },
  resolve: resolveAvailability,
} satisfies Component<GivenAvailability, { readonly availability: Availability }, unknown>;
