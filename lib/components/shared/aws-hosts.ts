/** What the hosts of AWS end in, by the beginning of the region: `dnsSuffix` in botocore's `data/partitions.json`. */
const DOMAINS: readonly (readonly [region: RegExp, domain: string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^eusc-/, 'amazonaws.eu'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eu-isoe-/, 'cloud.adc-e.uk'],
  [/^us-isof-/, 'csp.hci.ic.gov'],
];

/** The domain of nearly every region. */
const DOMAIN = 'amazonaws.com';

/**
 * URL of a service of AWS in a region, as its SDK for Python calls it. The name of a bucket before it is left out: its
 * addresses are those of the service.
 */
export function awsUrl(service: 's3' | 'sts', region: string): string {
  // S3 in us-east-1 is the global endpoint, unless a setting of the SDK says otherwise.
  const isGlobal = service === 's3' && region === 'us-east-1';
  if (isGlobal || !/^[a-z\d-]+$/.test(region)) return `https://${service}.${DOMAIN}`;
  const [, domain = DOMAIN] = DOMAINS.find(([pattern]) => pattern.test(region)) ?? [];
  return `https://${service}.${region}.${domain}`;
}
