import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { ResolvedAuth } from './resolve';

/** What defaults for users open. */
export const authRisks = ({ auth }: ResolvedAuth): Risk[] =>
  appliedRisks([
    {
      path: ['auth', 'defaultPermission'],
      risk: 'weak-server',
      applies: auth.enabled && auth.defaultPermission === 'MANAGE',
      what: 'is MANAGE, so every user can delete what others create, and take it from them',
      fix: 'use READ or EDIT, and MANAGE for single users',
    },
  ]);
