import type { Component } from '../component';
import { type Availability, type GivenAvailability, resolveAvailability } from './resolve';

/** What keeps the server up while nodes go away. */
export const availability = {
  resolve: resolveAvailability,
} satisfies Component<GivenAvailability, { readonly availability: Availability }, unknown>;
