import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, pick, some } from './shared/record';
import type { Amounts } from './shared/sections';

type GarbageCollection = Optional<EnvironmentInput['garbageCollection']>;

export const garbageCollection: ComponentArbitrary<'garbageCollection'> = {
  sections: {
    garbageCollection: some<GarbageCollection>({
      schedule: pick('30 3 * * *', '*/5 0-6,22 1,15 jan-jun MON', '0 0 31 12 6'),
      timeZone: pick('Etc/UTC', 'Europe/Berlin', 'Etc/GMT+1', 'America/Argentina/Buenos_Aires'),
      olderThan: pick('30d', '1d2h3m4s', '90m', '0s'),
      suspend: fc.boolean(),
      timeLimit: pick(600, 86_400),
      resources: some<Optional<GarbageCollection['resources']>>({
        requests: some<Amounts>({
          cpu: pick<string | number>('25m', 0.05),
          memory: pick<string | number>('64Mi', 1e8),
        }),
        limits: some<Amounts>({ cpu: pick<string | number>(1, '1500m'), memory: pick<string | number>('512Mi', 1e9) }),
      }),
    }),
  },
};
