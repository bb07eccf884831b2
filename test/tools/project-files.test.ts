import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as versions from '../../lib/versions';
import { generatedFiles } from '../../tools/generated-files';
import { isRecord, ROOT, walk } from '../support/support';

/** The files of a public project that only its host reads: what they name must exist here. */

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const below = (folder: string): string[] => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe.each(below('.github/workflows'))('%s', (path) => {
  const workflow = parse(read(path)) as Record<string, unknown>;
  const values = walk(workflow);
  const texts = (name: string) =>
    values.flatMap(({ path: place, value }) =>
      place.endsWith(`/${name}`) && typeof value === 'string' ? [value] : [],
    );

  test('runs scripts of package.json', () => {
    const named = texts('run').flatMap((text) => [...text.matchAll(/npm (?:run )?(?:-s )?([\w:]+)/g)]);
    const run = named.map(([, name = '']) => name).filter((name) => !['ci', 'pack', 'publish', 'run'].includes(name));
    expect(run.length).toBeGreaterThan(0);
    for (const name of run) expect(Object.keys(scripts)).toContain(name);
  });

  test('names each action by its commit, with its version', () => {
    const uses = [...read(path).matchAll(/uses: (.*)$/gm)].map(([, text = '']) => text);
    expect(uses.length).toBe(texts('uses').length);
    for (const text of uses) expect(text).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('may only read, unless a job says why, and ends by itself', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const jobs = Object.values(workflow.jobs as Record<string, unknown>).filter(isRecord);
    for (const job of jobs) expect(job['timeout-minutes']).toEqual(expect.any(Number));
    for (const line of read(path).matchAll(/^.*: write\b.*$/gm)) expect(line[0]).toMatch(/ # ./);
  });
});

test('the forms for issues ask for something, each once', () => {
  for (const path of below('.github/ISSUE_TEMPLATE').filter((each) => !each.endsWith('config.yml'))) {
    const { name, description, body } = parse(read(path)) as Record<string, unknown> & { body: { id?: string }[] };
    expect([typeof name, typeof description]).toEqual(['string', 'string']);
    const ids = body.flatMap(({ id }) => id ?? []);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('every generated file, and the output, is marked as generated', () => {
  const paths = [...generatedFiles().keys(), 'dist/homelab/service.k8s.yaml', 'package-lock.json'];
  const written = (path: string) => !['docs/library.md', 'docs/security.md'].includes(path);
  const attributes = execFileSync('git', ['check-attr', 'linguist-generated', ...paths.filter(written)], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const line of attributes.trim().split('\n')) expect(line).toMatch(/: linguist-generated: set$/);
});

describe('renovate.json', () => {
  const { customManagers } = JSON.parse(read('renovate.json')) as {
    customManagers: { managerFilePatterns: string[]; matchStrings: string[]; depNameTemplate?: string }[];
  };
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

  /** What a manager finds, as name and version. */
  const found = customManagers.flatMap(({ managerFilePatterns, matchStrings, depNameTemplate }) =>
    files
      .filter((file) => managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)))
      .flatMap((file) =>
        matchStrings.flatMap((text) =>
          [...read(file).matchAll(new RegExp(text, 'g'))].map(
            ({ groups = {} }) => `${depNameTemplate ?? groups.depName} ${groups.currentValue}`,
          ),
        ),
      ),
  );

  test('finds every default image, and the newest release of MLflow', () => {
    const images = Object.values(versions).flatMap((value) => (typeof value === 'object' ? [value] : []));
    expect(images.length).toBeGreaterThanOrEqual(4);
    for (const { repository, tag } of images.filter((image) => image !== versions.MLFLOW_IMAGE)) {
      expect(found).toContain(`${repository} ${tag}`);
    }
    expect(found).toContain(`mlflow ${versions.NEWEST_RELEASE}`);
  });

  test('finds every program that the setup of the tests pins', () => {
    const pinned = [...read('test/programs/setup').matchAll(/^\w+=(v?\d+\.\d+\.\d+)$/gm)].map(([, each]) => each);
    expect(pinned.length).toBeGreaterThanOrEqual(4);
    for (const version of pinned) expect(found.some((each) => each.endsWith(` ${version}`))).toBe(true);
  });
});

test('a package says where it comes from, and where to report', () => {
  const { repository, bugs, homepage } = JSON.parse(read('package.json')) as Record<string, unknown>;
  expect([isRecord(repository) && repository.type, typeof bugs, typeof homepage]).toEqual(['git', 'string', 'string']);
});
