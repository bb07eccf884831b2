import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './support';

/** The links of a page of the documentation, by path from the root of the repository, without those to other sites. */
export const linksOf = (page: string) =>
  [...read(page).matchAll(/\]\(([^)#]*)#?([^)]*)\)/g)]
    .map(([, path = '', anchor = '']) => ({ path, anchor }))
    .filter(({ path }) => !path.includes('://'));

/** The links of a page that lead to no file or to no heading. */
export const brokenLinks = (page: string) =>
  linksOf(page).filter(({ path, anchor }) => {
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== '' && !anchorsOf(target).includes(anchor);
  });

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
