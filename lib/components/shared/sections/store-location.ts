import { z } from 'zod';

/** Folder of a store: within a bucket, a container or a volume. */
export const storeFolder = () =>
  z.string().regex(/^[^/\s$?#]([^\s$?#]*[^/\s$?#])?$/, 'must not start or end with /, or contain spaces, $, ? or #');

/** URL of a store. @param example one of the kind, for messages */
export const storeEndpoint = (example: string) =>
  z
    .string()
    .regex(
      /^https?:\/\/[^\s/?#@$]+(\/(?!\.{1,2}(\/|$))[-._~a-zA-Z0-9]+)*\/?$/,
      `must be http:// or https://, a host, a port and, if the store needs it, a path, such as ${example}`,
    )
    .refine(
      (url) => URL.canParse(url) && new URL(url).port !== '0',
      'must be a URL with a host and, optionally, a port from 1 to 65535',
    )
    .transform((url) => url.replace(/\/$/, ''));
