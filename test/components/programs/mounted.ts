import type { MadePod } from '../../support/support';

/** The programs that a pod mounts, by path. */
export function mounted({ spec }: MadePod): string[] {
  const volume = spec.volumes?.find(({ name }) => name === 'programs');
  const items = volume?.projected?.sources?.flatMap(({ configMap }) => configMap?.items ?? []) ?? [];
  return items.map(({ path }) => path).toSorted();
}

/** The programs that the containers of a pod start, by path. */
export function started({ containers }: MadePod): string[] {
  return containers.flatMap(({ command = [], lifecycle }) => {
    const words = [...command, ...(lifecycle?.preStop?.exec?.command ?? [])];
    const files = words.flatMap((word) => /^\/programs\/(.*\.(?:py|sh))$/.exec(word)?.[1] ?? []);
    const module = command[0] === 'python' && command[1] === '-m' ? [`${command[2]}/__main__.py`] : [];
    return [...files, ...module];
  });
}
