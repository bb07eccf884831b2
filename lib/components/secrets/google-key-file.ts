/** What a key file of a service account has. */
const KEYS = ['client_email', 'private_key', 'token_uri'];

/**
 * Issues of a file that clients of Google read by `GOOGLE_APPLICATION_CREDENTIALS`. No message contains what is in it.
 *
 * @param text undefined if it is not UTF-8
 */
export function keyFileIssues(text: string | undefined): string[] {
  const file = parsed(text);
  if (!file) return ['is no JSON object (use the key file of a service account, as gcloud creates it)'];
  // Other types are configurations of identities, which contain no key.
  if (file.type !== 'service_account') return typeof file.type === 'string' ? [] : [`lacks type (use the key file)`];
  return KEYS.filter((key) => typeof file[key] !== 'string' || file[key] === '').map(
    (key) => `lacks ${key} (use the key file as gcloud creates it)`,
  );
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
