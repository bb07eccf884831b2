import { applyObjects, secret, tryKubectl, until } from './lab';
import { pythonPod } from './pods';

/** What an ingress controller of one host needs. */
interface IngressController {
  /** The image that its pod runs Python of. */
  readonly image: string;
  /** Its address at the load balancer. */
  readonly address: string;
  /** The Service that it hands everything on to, as host and port. */
  readonly upstream: readonly [host: string, port: number];
  /** Certificate and key of the host, in PEM. */
  readonly tls: { readonly certificate: string; readonly key: string };
}

/** A proxy that ends TLS and hands everything on with the Host that was asked for, as an ingress controller does. */
export async function startIngressController({ image, address, upstream, tls }: IngressController): Promise<void> {
  const where = 'ingress-nginx';
  const labels = { 'app.kubernetes.io/name': 'ingress-nginx' };
  await applyObjects([
    secret(where, 'mlflow-tls', {
      'tls.crt': tls.certificate,
      'tls.key': tls.key,
    }),
    pythonPod(
      {
        namespace: where,
        name: 'controller',
        image,
        labels,
        volumes: [{ name: 'tls', mountPath: '/tls', secret: { secretName: 'mlflow-tls' } }],
      },
      proxyTo(...upstream),
    ),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'controller', namespace: where, annotations: { 'metallb.io/loadBalancerIPs': address } },
      spec: { type: 'LoadBalancer', selector: labels, ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }] },
    },
  ]);
  await until('the ingress controller listens', 60, async () =>
    (await tryKubectl(['-n', where, 'logs', 'controller'])).stdout.includes('listening'),
  );
}

/** TLS in front, bytes as they come behind it: each connection gets one of its own to the Service. */
const proxyTo = (host: string, port: number): string =>
  [
    'import asyncio, ssl',
    'async def pump(reader, writer):',
    '    try:',
    '        while data := await reader.read(65536):',
    '            writer.write(data)',
    '            await writer.drain()',
    '    except OSError:',
    '        pass',
    '    finally:',
    '        writer.close()',
    'async def serve(reader, writer):',
    '    try:',
    `        inner = await asyncio.open_connection('${host}', ${port})`,
    '    except OSError:',
    '        return writer.close()',
    '    await asyncio.gather(pump(reader, inner[1]), pump(inner[0], writer))',
    'async def main():',
    '    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)',
    "    context.load_cert_chain('/tls/tls.crt', '/tls/tls.key')",
    "    server = await asyncio.start_server(serve, '0.0.0.0', 8443, ssl=context)",
    "    print('listening', flush=True)",
    '    await server.serve_forever()',
    'asyncio.run(main())',
  ].join('\n');
