import fc from 'fast-check';
import { sealedIssues } from '../../lib/components/secrets/sealed/checks';
import type { RequiredSecret } from '../../lib/components/shared/contributions/secret-keys';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { Manifest } from '../../lib/synth/manifest';
import { sampleSize } from '../support/sample-size';
import { sealedOf } from '../support/sealed-secrets';
import { composed, none, sample } from './sample';

/** Environments of the sample whose Secrets come from several providers at once. */

const PROVIDERS = ['existing', 'generated', 'sealed', 'external'] as const;
const { valid } = sample;

/** Environments with a random provider for each Secret of the instance. */
const MIXES = fc
  .sample(
    fc.record({
      index: fc.nat(),
      provider: fc.constantFrom(...PROVIDERS),
      chosen: fc.array(fc.constantFrom(...PROVIDERS), { minLength: 16, maxLength: 16 }),
      store: fc.constantFrom(undefined, { name: 'other', kind: 'SecretStore' as const }),
    }),
    { numRuns: sampleSize(60, 300), seed: 3 },
  )
  .flatMap(({ index, provider, chosen, store }) => {
    const base = valid[index % valid.length];
    if (!base) return [];
    const { input, environment } = base;
    const own = environment.requiredSecrets.filter((secret) => secret.namespace === environment.namespace.name);
    const overrides = Object.fromEntries(
      own.map((secret, at) => [secret.name, { provider: allowed(secret, chosen[at] ?? 'existing') }]),
    );
    const external = own.flatMap(({ name }) => (overrides[name]?.provider === 'external' ? [name] : []));
    const remote = store ? Object.fromEntries(external.map((name) => [name, { store }])) : {};
    const used = [provider, ...Object.values(overrides).map((each) => each.provider)];
    const secrets = {
      provider,
      overrides,
      ...(used.includes('external') ? { external: { store: { name: 'vault' }, remote } } : {}),
    };
    const mixed = composed({ ...input, name: (input.name ?? 'mlflow').slice(0, 34), secrets });
    return mixed.environment ? [{ ...mixed, environment: mixed.environment, own, overrides }] : [];
  });

/** A provider that can create the Secret: nothing generates what only another system knows. */
function allowed({ keys }: RequiredSecret, provider: (typeof PROVIDERS)[number]): (typeof PROVIDERS)[number] {
  return provider === 'generated' && keys.some(({ generated }) => !generated) ? 'existing' : provider;
}

/** What of the output creates a Secret, as `NAMESPACE/NAME PROVIDER`. */
function sources(objects: readonly Manifest[], { generatedSecrets, namespace }: ResolvedEnvironment): string[] {
  const kinds: Readonly<Record<string, string>> = { SealedSecret: 'sealed', ExternalSecret: 'external' };
  return [
    ...objects.flatMap(({ kind, metadata }) =>
      kinds[kind] ? [`${metadata.namespace}/${metadata.name} ${kinds[kind]}`] : [],
    ),
    ...generatedSecrets.flatMap(({ name, copies }) => [
      `${namespace.name}/${name} generated`,
      ...copies.map((copy) => `${copy.namespace}/${copy.name} generated`),
    ]),
  ];
}

describe('a random mix of providers', () => {
  test('is composed, with three and more providers at once', () => {
    expect(MIXES.length).toBeGreaterThan(sampleSize(40, 200));
    none(MIXES.flatMap(({ issues }) => issues.map(({ message }) => message)));
    const counts = MIXES.map(
      ({ environment: { requiredSecrets } }) => new Set(requiredSecrets.map((s) => s.provider)).size,
    );
    expect(counts.filter((count) => count >= 3).length).toBeGreaterThan(sampleSize(20, 100));
  });

  test('gives each Secret exactly the source that is set, and nothing to those that exist', () => {
    for (const { environment, objects, overrides } of MIXES) {
      const wanted = environment.requiredSecrets.flatMap(({ namespace, name, provider, keys }) => {
        // An ExternalSecret or SealedSecret of optional keys alone is not needed.
        const isNeeded = provider !== 'external' || keys.some(({ optional }) => !optional);
        return provider === 'existing' || !isNeeded ? [] : [`${namespace}/${name} ${provider}`];
      });
      expect(sources(objects, environment).toSorted()).toEqual(wanted.toSorted());
      for (const { namespace, name, keys, provider } of environment.requiredSecrets) {
        const source = keys.find(({ copies }) => copies)?.copies?.secret ?? name;
        expect([namespace, name, provider]).toEqual([namespace, name, overrides[source]?.provider]);
      }
    }
  });

  test('needs the values of sealed Secrets in the file, and takes no others', () => {
    for (const { environment } of MIXES) {
      const { requiredSecrets } = environment;
      const context = { seal: () => 'seal', file: 'sealed-secrets.yaml', environment };
      expect(sealedIssues(sealedOf(environment), context)).toEqual([]);
      const all = requiredSecrets.map((secret) => ({ ...secret, provider: 'sealed' as const }));
      const foreign = requiredSecrets.filter(({ provider }) => provider !== 'sealed');
      const messages = sealedIssues(sealedOf({ ...environment, requiredSecrets: all }), context).map((i) => i.message);
      expect(messages.map((message) => message.replace(/ \(.*/, ''))).toEqual(
        foreign.map(({ name, provider }) => `is ${name}, a Secret with the provider ${provider}`),
      );
      const missing = sealedIssues([], context).map(
        ({ message }) => /SealedSecret (\S+) is missing/.exec(message)?.[1],
      );
      const needed = requiredSecrets.filter(
        ({ provider, keys }) => provider === 'sealed' && keys.some((k) => !k.optional),
      );
      expect(missing).toEqual(needed.map(({ namespace, name }) => `${namespace}/${name}`));
    }
  });

  test('reads no Secret in plain text, and creates none', () => {
    none(MIXES.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'Secret')));
  });
});
