import { replacesCode } from '../../components/shared/system-paths';
import { podsOf } from '../rules/workloads';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';

const PROGRAMS = /^\/programs(\/|$)/;

/** Volumes over the code of our programs: who changes the volume changes what runs beside the passwords. */
export const mountsOverCode: ObjectRiskCheck = (objects) =>
  podsOf(objects).flatMap(({ object, containers }) =>
    containers
      // What an image of a user contains is its own matter.
      .filter(({ volumeMounts = [] }) => volumeMounts.some(({ mountPath }) => PROGRAMS.test(mountPath)))
      .flatMap(({ name, volumeMounts = [] }) =>
        volumeMounts
          .filter(({ mountPath }) => replacesCode(mountPath))
          .map(
            (mount): ObjectRisk => ({
              object,
              risk: 'foreign-code',
              what: `container ${name} mounts volume ${mount.name} at ${mount.mountPath}, over code that its programs run or settings that they trust`,
              fix: 'use a path such as /data',
            }),
          ),
      ),
  );
