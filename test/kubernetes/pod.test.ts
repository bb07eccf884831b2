import { OWN_STORES } from '../support/embedded-fixtures';
import { FULLEST } from '../support/fixtures';
import { all, objectsOf, PROGRAMS, podsOf } from '../support/support';

describe('every ServiceAccount', () => {
  // Found on ad07080: that of backup and restore had none, so their pods could not pull from a private registry when they
  // were created by hand.
  test.each([
    ['the fullest environment', FULLEST],
    ['one with stores of its own', OWN_STORES],
  ])('of %s has the Secret for the registry, and no token', (_, input) => {
    const image = { repository: 'registry.example.com/mlflow', tag: '3.18.0-1', pullSecret: 'registry' };
    const accounts = all(objectsOf({ ...input, image }, PROGRAMS), 'ServiceAccount');
    expect(accounts.length).toBeGreaterThan(2);
    for (const account of accounts) {
      expect(account).toMatchObject({
        automountServiceAccountToken: false,
        imagePullSecrets: [{ name: 'registry' }],
      });
    }
  });

  test('and every pod has each of several, in their order', () => {
    const objects = objectsOf(
      { ...FULLEST, image: { tag: 'v3.18.0-full', pullSecrets: ['mirror', 'registry'] } },
      PROGRAMS,
    );
    const holders = [...all(objects, 'ServiceAccount'), ...podsOf(objects).map(({ spec }) => spec)];
    for (const holder of holders) {
      expect(holder).toHaveProperty('imagePullSecrets', [{ name: 'mirror' }, { name: 'registry' }]);
    }
  });
});
