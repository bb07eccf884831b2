import { posix } from 'node:path';

/** Folders of the system or of the server, where nothing of users belongs. */
const TAKEN_PATHS = [
  ...['/tmp', '/programs', '/etc', '/dev', '/proc', '/sys', '/usr', '/opt', '/bin', '/sbin'],
  ...['/lib', '/lib64', '/run', '/var'],
];

/** Whether a path is in a folder of the system or of the server. */
export const isTaken = (path: string): boolean => TAKEN_PATHS.some((taken) => isWithin(path, taken));

/** Where the programs of the pods come from: what runs, what it loads, and how names become addresses and users. */
const CODE_PATHS = [
  ...['/programs', '/opt/mlflow', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/proc', '/sys'],
  ...['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libexec'].flatMap((name) => [`/usr/${name}`, `/usr/local/${name}`]),
  ...['ld.so.preload', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'alternatives', 'profile', 'profile.d'].map(
    (name) => `/etc/${name}`,
  ),
  ...['hosts', 'nsswitch.conf', 'passwd', 'resolv.conf', 'gitconfig'].map((name) => `/etc/${name}`),
];

/** Whether something that is mounted at a path replaces code of the pod, or settings that decide what runs. */
export function replacesCode(path: string): boolean {
  const normal = posix.normalize(`/${path}`).replace(/(?<=.)\/$/, '');
  return (
    /\/(site|dist)-packages(\/|$)/.test(normal) ||
    CODE_PATHS.some((code) => isWithin(normal, code) || isWithin(code, normal))
  );
}

const isWithin = (path: string, folder: string): boolean =>
  folder === '/' || path === folder || path.startsWith(`${folder}/`);
