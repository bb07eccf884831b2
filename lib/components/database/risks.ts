import { isOutside } from '../shared/risks/addresses';
import { imageRisk } from '../shared/risks/images';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Database } from './resolve';

/** What modes of TLS lack; the others verify the server. */
const LACKS: Readonly<Record<string, string>> = {
  disable: 'does not encrypt',
  prefer: 'does not encrypt if the server, or anyone on the way, declines TLS',
  require: 'does not verify the server',
};

/** What connections to PostgreSQL open, and its image. */
export function databaseRisks({ database }: { readonly database: Database }): Risk[] {
  const { host, tls, embedded } = database;
  const { mode } = tls;
  const lack = Object.hasOwn(LACKS, mode) ? LACKS[mode] : undefined;
  return appliedRisks([
    imageRisk(['database', 'embedded', 'image'], embedded?.image),
    {
      path: ['database', 'tls', 'mode'],
      dependsOn: [['database', 'host']],
      risk: 'plain-connections',
      applies: lack !== undefined && isOutside(host),
      what: `is ${mode}, which ${lack}, and ${host} is outside the cluster`,
      fix: 'use verify-full, with database.tls.ca unless a public CA signs its certificate',
    },
  ]);
}
