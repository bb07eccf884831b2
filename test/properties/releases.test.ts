import { OPTIONS } from '../arbitraries/server';
import { atLeast, RELEASES } from '../arbitraries/shared/releases';
import { all, container, playing, variables } from '../support/support';
import { holds, none, sample, type Valid } from './sample';

test('the sample has a valid environment of every release', () => {
  const versions = sample.valid.map(({ version }) => version);
  none(RELEASES.filter((version) => !versions.includes(version)));
});

describe('the release', () => {
  const options = ({ objects }: Valid) => {
    const { command = [] } = container(objects, 'server');
    return command.slice(command.lastIndexOf('server') + 1);
  };

  holds('knows every option that it is started with', (environment) => {
    const since: Record<string, string> = Object.fromEntries(
      Object.entries(OPTIONS).map(([name, option]) => [name, option.since]),
    );
    const always = ['host', 'port', 'workers', 'backend-store-uri', 'serve-artifacts', 'no-serve-artifacts'];
    const ours = ['artifacts-destination', 'default-artifact-root', 'app-name', 'static-prefix', 'expose-prometheus'];
    for (const name of [...always, ...ours]) {
      since[name] = '3.1.0';
    }
    for (const word of options(environment)) {
      const name = /^--([a-z-]+)(=|$)/.exec(word)?.[1] ?? word;
      expect(Object.keys(since)).toContain(name);
      expect([name, atLeast(environment.version, since[name] ?? '')]).toEqual([name, true]);
    }
  });

  holds(
    'gets no variable of another server program, nor one that it does not know yet',
    ({ objects, given, version }) => {
      const names = Object.keys(variables(container(objects, 'server'))).filter(
        (name) => !Object.hasOwn(given.server.env, name),
      );
      const is = (pattern: RegExp) => names.filter((name) => pattern.test(name));
      if (atLeast(version, '3.3.0')) none(is(/^GUNICORN_/));
      else none(is(/^UVICORN_/));
      expect(names.includes('MLFLOW_SERVER_ALLOWED_HOSTS')).toBe(atLeast(version, '3.5.0'));
      expect(names.includes('MLFLOW_SERVER_ENABLE_JOB_EXECUTION')).toBe(atLeast(version, '3.5.0'));
      if (!atLeast(version, '3.5.0')) none(is(/^MLFLOW_SERVER_(?!CORS_ALLOWED_ORIGINS$)/));
    },
  );

  holds('decides whether MLflow caches logins itself too, and the programs are there', (environment) => {
    const { objects, version, given } = environment;
    const { cacheSeconds } = given.auth;
    const isBasic = given.auth.enabled && !given.auth.app;
    const prepare = variables(container(objects, 'prepare'));
    const cached = isBasic && cacheSeconds > 0 && atLeast(version, '3.12.0');
    expect(prepare.PREPARE_AUTH_CACHE_SECONDS).toBe(cached ? String(cacheSeconds) : undefined);
    const command = container(objects, 'server').command ?? [];
    expect(command.includes(`--cache-logins=${cacheSeconds}`)).toBe(isBasic);
    expect(command.includes('--unknown-app')).toBe(given.auth.app !== undefined);
    const folders = all(playing(objects, 'programs'), 'ConfigMap').map(({ metadata }) =>
      metadata?.name?.replace(`${given.name}-programs-`, ''),
    );
    // Always: pods with other settings still read from the same ConfigMaps during a rollout.
    expect(folders).toEqual(expect.arrayContaining(['metrics', 'prepare', 'server']));
    expect(folders.includes('garbage-collection')).toBe(given.garbageCollection !== undefined);
    expect(folders.includes('smoke-test')).toBe(given.smokeTest.enabled);
  });

  holds('has a login exactly when authentication is on', (environment) => {
    const { enabled, app } = environment.given.auth;
    const isBasic = enabled && !app;
    const server = variables(container(environment.objects, 'server'));
    const prepare = variables(container(environment.objects, 'prepare'));
    const apps = options(environment).filter((option) => option.startsWith('--app-name='));
    expect(apps).toEqual(enabled ? [`--app-name=${app?.name ?? 'basic-auth'}`] : []);
    for (const name of ['MLFLOW_AUTH_CONFIG_PATH', 'MLFLOW_FLASK_SERVER_SECRET_KEY'])
      expect(name in server).toBe(isBasic);
    for (const name of ['PREPARE_ADMIN_USERNAME', 'PREPARE_AUTH_DATABASE']) expect(name in prepare).toBe(isBasic);
    expect(prepare.PREPARE_APP_NAME).toBe(app?.name);
    expect(prepare.PREPARE_APP_DATABASE).toBe(app?.database?.name);
  });
});
