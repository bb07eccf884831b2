import { awsUrl } from '../../../lib/components/shared/aws-hosts';

test.each([
  ['s3', 'us-east-1', 'https://s3.amazonaws.com'],
  ['sts', 'us-east-1', 'https://sts.us-east-1.amazonaws.com'],
  ['s3', 'eu-central-1', 'https://s3.eu-central-1.amazonaws.com'],
  ['sts', 'cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn'],
  ['s3', 'us-gov-west-1', 'https://s3.us-gov-west-1.amazonaws.com'],
  ['s3', 'eusc-de-east-1', 'https://s3.eusc-de-east-1.amazonaws.eu'],
  ['s3', 'us-iso-east-1', 'https://s3.us-iso-east-1.c2s.ic.gov'],
  ['sts', 'us-isob-east-1', 'https://sts.us-isob-east-1.sc2s.sgov.gov'],
  ['s3', 'eu-isoe-west-1', 'https://s3.eu-isoe-west-1.cloud.adc-e.uk'],
  ['sts', 'us-isof-south-1', 'https://sts.us-isof-south-1.csp.hci.ic.gov'],
  ['s3', 'any text', 'https://s3.amazonaws.com'],
] as const)('%s of AWS in %s is %s, as with its SDK', (service, region, url) => {
  expect(awsUrl(service, region)).toBe(url);
});
