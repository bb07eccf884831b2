import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import { referringVariables, type VariableReference, writtenVariables } from '../../shared/written-variables';
import type { app as section } from './section';

/** The section as a user wrote it. */
export type AppSection = DeepReadonly<z.output<typeof section>>;

/** An authentication app, with its variables by where their values are. */
export interface App extends Omit<AppSection, 'env'> {
  readonly env: Readonly<Record<string, string>>;
  readonly envReferences: Readonly<Record<string, VariableReference>>;
}

/** Separates the variables. */
export const resolveApp = ({ env, ...app }: AppSection): App => ({
  ...app,
  env: writtenVariables(env),
  envReferences: referringVariables(env),
});
