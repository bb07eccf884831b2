import { awsUrl } from '../../lib/components/shared/aws-hosts';
import { run } from './process';
import { python, releases } from './tools';

/** The hosts of AWS that policies and pictures name are those that its SDK calls. */

/** For each region of each partition, and for one that a partition could get, the hosts of both services. */
const SDK = `
import json, pathlib, sys
from urllib.parse import urlsplit
import boto3, botocore
from botocore.config import Config

path = pathlib.Path(botocore.__file__).parent / "data" / "partitions.json"
partitions = json.loads(path.read_text())["partitions"]
known = [[region for region in each["regions"] if not region.endswith("-global")] for each in partitions]
regions = [region for each in known for region in [*each, each[0].rsplit("-", 2)[0] + "-nowhere-9"]]

def host(service, region, operation, arguments):
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"}) if service == "s3" else None
    client = boto3.client(
        service, region_name=region, aws_access_key_id="key", aws_secret_access_key="secret", config=config
    )
    return urlsplit(client.generate_presigned_url(operation, arguments)).netloc

json.dump(
    {
        region: {
            "s3": host("s3", region, "head_bucket", {"Bucket": "bucket"}),
            "sts": host("sts", region, "get_caller_identity", {}),
        }
        for region in regions
    },
    sys.stdout,
)
`;

test('are the same in every region of every partition', async () => {
  const { code, stdout, stderr } = await run([python(releases[1]), '-c', SDK], {});
  expect([code, stderr]).toEqual([0, '']);
  const called: Record<string, Record<'s3' | 'sts', string>> = JSON.parse(stdout);
  const regions = Object.keys(called);
  const ours = (region: string, service: 's3' | 'sts') => new URL(awsUrl(service, region)).host;
  const named = regions.map((region) => [region, { s3: ours(region, 's3'), sts: ours(region, 'sts') }]);
  expect(Object.fromEntries(named)).toEqual(called);
  expect(regions.length).toBeGreaterThan(40);
});
