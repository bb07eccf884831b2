import { loadEnvironment } from '../../lib/environment/load';
import { temporaryFolder } from '../support/support';
import { writeIn } from '../support/write-in';

describe('an environment that extends others', () => {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
  });
  const write = (path: string, text: string) => writeIn(folder, path, text);

  test('merges maps, replaces all else, and the nearer file wins', () => {
    write(
      'far.yaml',
      'labels: { a: far, b: far }\nservice: { type: NodePort, nodePort: 30800 }\nnetworkPolicy: { clients: { namespaces: [x, y] } }\n',
    );
    write(
      'base.yaml',
      'extends: far.yaml\nlabels: { b: base, c: base }\ndatabase: { host: base, port: 1 }\nartifacts: { s3: { bucket: base } }\n',
    );
    const file = write(
      'envs/a/environment.yaml',
      'extends: ../../base.yaml\nlabels: { c: own }\ndatabase: { host: own }\nnetworkPolicy: { clients: { namespaces: [z] } }\n',
    );
    const { environment, issues } = loadEnvironment(file);
    expect(issues).toEqual([]);
    expect(environment).toMatchObject({
      labels: { a: 'far', b: 'base', c: 'own' },
      database: { host: 'own', port: 1 },
      artifacts: { s3: { bucket: 'base' } },
      service: { type: 'NodePort', nodePort: 30800 },
    });
    expect(environment?.networkPolicy.clients.namespaces).toEqual(['z']);
  });

  test.each(['null', '~', 'Null', 'NULL'])('removes by %s what a base has, a value or a section', (nothing) => {
    write(
      'far.yaml',
      'database: { embedded: {}, maxConnections: 200 }\nartifacts: { embedded: {} }\nlabels: { a: b }\n',
    );
    write('base.yaml', 'extends: far.yaml\nlabels: { a: c }\n');
    const file = write(
      'a.yaml',
      `extends: base.yaml\ndatabase: { embedded: ${nothing}, host: own }\nartifacts: { embedded: ${nothing}, s3: { bucket: own } }\nlabels: { a: ${nothing} }\n`,
    );
    const { environment, issues } = loadEnvironment(file);
    expect(issues).toEqual([]);
    expect(environment).toMatchObject({ database: { host: 'own', maxConnections: 200 }, labels: {} });
    expect([environment?.database.embedded, environment?.artifacts.embedded]).toEqual([undefined, undefined]);
  });

  test('says of a key without a value, and of null where no base has the key, that there is none', () => {
    write('base.yaml', 'database: { host: base, name: x }\nartifacts: { s3: { bucket: base } }\n');
    const file = write('a.yaml', 'extends: base.yaml\ndatabase:\n  name:\n  authName: null\n');
    expect(loadEnvironment(file).issues).toEqual([
      expect.stringMatching(/:3:3 database\.name: has no value /),
      expect.stringMatching(/:4:3 database\.authName: has no value /),
    ]);
  });

  test('locates a later issue in the file that contains the value, or the nearest part of its path', () => {
    const base = write('base.yaml', 'database:\n  host: base\n  name: x\nartifacts: { s3: { bucket: base } }\n');
    const file = write('a.yaml', 'extends: base.yaml\ndatabase:\n  port: 1\n');
    const { locate } = loadEnvironment(file);
    const place = (...path: string[]) => locate({ path, message: 'm' });
    expect(place('database', 'port')).toBe(`${file}:3:3 database.port: m`);
    expect(place('database', 'name')).toBe(`${base}:3:3 database.name: m`);
    expect(place('database', 'tls', 'ca')).toBe(`${file}:2:1 database.tls.ca: m`);
    expect(place('artifacts', 's3', 'bucket')).toBe(`${base}:4:20 artifacts.s3.bucket: m`);
    expect(place()).toBe(`${file}:1:1 m`);
  });

  test('may have 16 files below it, and no more', () => {
    const chain = (bases: number) => {
      const [file = ''] = Array.from({ length: bases + 1 }, (_, index) =>
        write(
          `${bases}/${index}.yaml`,
          index < bases
            ? `extends: ${index + 1}.yaml\n`
            : 'database: { host: a }\nartifacts: { s3: { bucket: abc } }\n',
        ),
      );
      return loadEnvironment(file).issues;
    };
    expect(chain(16)).toEqual([]);
    expect(chain(17)).toEqual([expect.stringContaining('is a chain of more than 16 files')]);
  });

  test('names files as it was named itself: relative to the working directory, or whole', () => {
    const file = write('a.yaml', 'extends: base.yaml\n');
    const base = write('base.yaml', 'nmae: x\n');
    const line = (path: string) => loadEnvironment(path).issues.find((issue) => issue.includes('nmae'));
    expect(line(file)?.startsWith(`${base}:1:1 `)).toBe(true);
  });
});
