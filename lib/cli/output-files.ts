import { FILES } from '../environment/create-components';
import { OBJECTS_FILE } from '../synth/user-objects/add';

/** The names of all files that `synth` may write for an environment, without their endings: what `--only` takes. */
export const OUTPUT_FILES: readonly string[] = [...FILES, OBJECTS_FILE];
