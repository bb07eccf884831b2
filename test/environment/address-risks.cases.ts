import { SMALLEST } from '../support/support';
import type { RiskCase } from './risks.cases';

const s3 = SMALLEST.artifacts.s3;

/** Addresses that are more than they look: many blocks together, IPv4 behind NAT64, metadata services of clouds. */
export const RISKY_ADDRESSES: readonly RiskCase[] = [
  ...(
    [
      ['networkPolicy.clients.cidrs', (cidrs: string[]) => ({ networkPolicy: { clients: { cidrs } } })],
      ['networkPolicy.egress', (cidrs: string[]) => ({ networkPolicy: { egress: cidrs.map((cidr) => ({ cidr })) } })],
      [
        'service.sourceRanges',
        (sourceRanges: string[]) => ({
          service: { type: 'LoadBalancer' as const, sourceRanges },
          networkPolicy: { clients: { cidrs: ['10.0.0.0/8'] } },
        }),
      ],
    ] as const
  ).flatMap(([key, given]): RiskCase[] => [
    [
      `many blocks in ${key}`,
      { ...SMALLEST, ...given(Array.from({ length: 200 }, (_, index) => `${index + 20}.0.0.0/8`)) },
      key,
      'open-network',
    ],
    [`two blocks in ${key}`, { ...SMALLEST, ...given(['3.0.0.0/8', '52.0.0.0/8']) }, key, 'open-network'],
    [`all of IPv4 behind NAT64 in ${key}`, { ...SMALLEST, ...given(['64:ff9b::/96']) }, `${key}[0]`, 'open-network'],
  ]),
  ...['http://169.254.169.254', 'http://[fd00:ec2::254]:80'].map(
    (endpoint): RiskCase => [
      `metadata services as ${endpoint}`,
      { ...SMALLEST, artifacts: { s3: { ...s3, endpoint } } },
      'artifacts.s3.endpoint',
      'open-network',
    ],
  ),
  [
    'DNS in a block of metadata services',
    { ...SMALLEST, networkPolicy: { dns: [{ cidr: '169.254.0.0/16' }] } },
    'networkPolicy.dns[0]',
    'open-network',
  ],
];
