/** Published vulnerabilities of the package that are not in the tracking server, so that each is looked at once. */
export const VULNERABILITIES_ELSEWHERE: readonly { readonly ids: readonly string[]; readonly where: string }[] = [
  { ids: ['CVE-2025-14287'], where: "the `mlflow sagemaker` command, by its user's own argument" },
  { ids: ['CVE-2025-15379', 'GHSA-r23q-823p-vmf7'], where: 'containers that serve a model, while they are built' },
  { ids: ['CVE-2026-0596', 'GHSA-rvhj-8chj-8v3c'], where: 'servers of models with `enable_mlserver`' },
  {
    ids: ['CVE-2025-10279', 'CVE-2026-4137', 'GHSA-f2m9-wcf4-cwwx'],
    where: 'temporary folders of programs that load models, on a machine with other users',
  },
  {
    ids: ['CVE-2026-96775', 'GHSA-v26q-23qw-4825', 'CVE-2026-96804', 'CVE-2026-118623', 'CVE-2026-118627'],
    where: 'programs that load a model, an evaluation or an explainer that another user created',
  },
  {
    ids: ['CVE-2026-116691', 'GHSA-j7qq-vr8c-xvw3'],
    where: 'programs that trace CrewAI: their keys are in the traces',
  },
  { ids: ['CVE-2026-2611'], where: 'the Assistant, which answers only clients of the same machine' },
];
