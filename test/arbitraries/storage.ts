import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, pick, some } from './shared/record';
import { objectName } from './shared/values';

type Storage = Optional<EnvironmentInput['storage']>;

export const storage: ComponentArbitrary<'storage'> = {
  sections: {
    storage: some<Storage>({
      data: some<Optional<Storage['data']>>({
        name: objectName,
        size: pick<string | number>('10Gi', '1.5Ti', 1e10),
        storageClass: objectName,
        accessMode: pick('ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'),
        mountPath: pick('/data', '/srv/files.d'),
      }),
    }),
  },
};
