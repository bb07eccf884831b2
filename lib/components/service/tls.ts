import type { Volume, VolumeMount } from '../../kubernetes/objects';
import type { Variable } from '../../kubernetes/variables';
import { SERVER_CA_PATH, TLS_PATH } from '../shared/constants';
import type { MountedFile } from '../shared/mounted-files';
import type { ServiceSection } from './resolve';

/** The resolved section that decides whether the server speaks TLS. */
export type Served = Pick<ServiceSection, 'tls'>;

/** How clients speak to the server itself. It is also the name of its port, by which proxies choose the protocol. */
export const serviceScheme = ({ tls }: Served): 'http' | 'https' => (tls ? 'https' : 'http');

/** The same as probes write it. */
export const probeScheme = (service: Served): 'HTTPS' | undefined => (service.tls ? 'HTTPS' : undefined);

/** The option of our programs that serve TLS: the folder of certificate and key, which they read again. */
export const tlsArguments = ({ tls }: Served): string[] => (tls ? [`--tls=${TLS_PATH}`] : []);

/** The mount of certificate and key: a folder, because the kubelet never updates a mount of a single file. */
export const tlsMounts = ({ tls }: Served): VolumeMount[] =>
  tls ? [{ name: 'tls', mountPath: TLS_PATH, readOnly: true }] : [];

/** Its volume. */
export const tlsVolumes = ({ tls }: Served): Volume[] =>
  tls ? [{ name: 'tls', secret: { secretName: tls.secret, items: TLS_KEYS.map((key) => ({ key, path: key })) } }] : [];

/** The keys of a Secret of type kubernetes.io/tls. */
export const TLS_KEYS = ['tls.crt', 'tls.key'] as const;

/** The CA certificate by which clients in the namespace know the server. */
export const serverCa = ({ tls }: Served): MountedFile => ({
  name: 'server-ca',
  path: SERVER_CA_PATH,
  source: tls?.ca,
});

/** The variables of such a client. */
export const serverCaVariables = ({ tls }: Served): Variable[] =>
  tls ? [{ name: 'MLFLOW_TRACKING_SERVER_CERT_PATH', value: `${SERVER_CA_PATH}/${tls.ca.key}` }] : [];
