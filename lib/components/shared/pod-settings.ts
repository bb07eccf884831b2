/**
 * Which pods the settings are for that are not those of one component, by the role of the pods: the only place that
 * says it. The other settings of `server` are for its own pods.
 */

/** The pods that run programs of MLflow's image, which connect to databases and stores. Backup and restore have one role. */
const PROGRAMS = ['server', 'garbage-collection', 'smoke-test', 'backup', 'verification'] as const;

/** The roles that each setting is for. */
export const POD_SETTINGS = {
  'server.env': PROGRAMS,
  'server.envFrom': PROGRAMS,
  'networkPolicy.egress': PROGRAMS,
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The pods of a program. */
export type ProgramRole = (typeof PROGRAMS)[number];

/** What a setting names for the network policies: the name of a target. */
const TARGETS: readonly (readonly [setting: keyof typeof POD_SETTINGS, target: string])[] = [
  ['server.env', 'variables'],
  ['networkPolicy.egress', 'further'],
];

/** What pods of a role connect to because of these settings. */
export const settingTargets = (role: ProgramRole): string[] =>
  TARGETS.flatMap(([setting, target]) => (POD_SETTINGS[setting].some((each) => each === role) ? [target] : []));
