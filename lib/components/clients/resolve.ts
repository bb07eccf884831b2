import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { client as section } from './section';

/** A namespace that uses MLflow, as a user wrote it. */
export type ClientSection = DeepReadonly<z.output<typeof section>>;

/** A namespace that uses MLflow, with the names of what it gets. */
export type Client = ClientSection & { readonly configMap: string; readonly secret: string };

/** The sections that clients follow from. */
export interface GivenClients {
  readonly name: string;
  readonly clients: readonly ClientSection[];
}

/** The name of what each namespace gets, unless it is set. */
export const clientName = (name: string): string => `${name}-client`;

/** Fills in the names of ConfigMap and Secret. */
export const resolveClients = ({ name, clients }: GivenClients): { readonly clients: readonly Client[] } => ({
  clients: clients.map((client) => ({
    ...client,
    configMap: client.configMap ?? clientName(name),
    secret: client.secret ?? clientName(name),
  })),
});
