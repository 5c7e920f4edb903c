/**
 * npm run purge -- URL…: what a CDN and the shared bucket are to forget of a source, a host or a key, as commands or done.
 * An instance that remembers a picture asks its origin again after MEMORY_MAX_AGE.
 */
import { parseArgs } from 'node:util';
import { parseSourceUrl } from '../fetch/source-url.ts';
import { sourceTag } from '../http/headers.ts';

const HELP = `Usage: npm run purge -- [URL...] [options]

Forgets every picture made of these sources: prints the commands, or with --send does it.

  URL                  address of a source, as in u=
  --host NAME          all sources of a host instead (CloudFront only)
  --key ID             all that a key has asked for (CloudFront only)
  --distribution ID    the CloudFront distribution (else the commands have a placeholder)
  --bucket NAME        the bucket of RESULT_BUCKET
  --send               send the invalidation and delete the objects; region and credentials are AWS's usual ones
  --help`;

const OPTIONS = {
  host: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  distribution: { type: 'string' },
  bucket: { type: 'string' },
  send: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** What is to be forgotten: tags in CloudFront's form, and prefixes of the bucket's objects. */
export function purgeList(urls: readonly string[], hosts: readonly string[], keys: readonly string[]) {
  const sources = urls.map((url) => sourceTag(parseSourceUrl(url).href));
  return {
    tags: [...sources, ...hosts.map((host) => `h-${host.toLowerCase()}`), ...keys.map((key) => `k-${key}`)].map(
      (tag) => `#${tag}`,
    ),
    prefixes: sources.map((tag) => `pixgate/${tag}/`),
  };
}

async function invalidate(DistributionId: string, tags: readonly string[]) {
  const { CloudFrontClient, CreateInvalidationCommand } = await import('@aws-sdk/client-cloudfront');
  const batch = { CallerReference: `pixgate-${Date.now()}`, Paths: { Quantity: tags.length, Items: [...tags] } };
  const command = new CreateInvalidationCommand({ DistributionId, InvalidationBatch: batch });
  const { Invalidation } = await new CloudFrontClient({}).send(command);
  console.log(`CloudFront forgets ${tags.join(' ')}: invalidation ${Invalidation?.Id}`);
}

async function remove(Bucket: string, Prefix: string) {
  const { DeleteObjectsCommand, paginateListObjectsV2, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({});
  let count = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    if (!Objects.length) continue;
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    if (Errors?.length) throw new Error(`s3://${Bucket}/${Errors[0]?.Key} could not be deleted: ${Errors[0]?.Message}`);
    count += Objects.length;
  }
  console.log(`s3://${Bucket}/${Prefix}: ${count} deleted`);
}

async function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const { host = [], key = [], distribution, bucket, send } = values;
  if (values.help || positionals.length + host.length + key.length === 0) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const { tags, prefixes } = purgeList(positionals, host, key);
  if (!send) {
    const id = distribution ?? 'DISTRIBUTION_ID';
    console.log(
      `aws cloudfront create-invalidation --distribution-id ${id} --paths ${tags.map((tag) => `'${tag}'`).join(' ')}`,
    );
    for (const prefix of bucket ? prefixes : []) console.log(`aws s3 rm --recursive s3://${bucket}/${prefix}`);
    return;
  }
  if (!distribution && !bucket) throw new TypeError('--send needs --distribution ID, --bucket NAME, or both');
  // First the bucket: CloudFront would take the old picture from it again.
  for (const prefix of bucket ? prefixes : []) await remove(bucket ?? '', prefix);
  if (distribution) await invalidate(distribution, tags);
}

if (import.meta.main)
  main().catch((error: Error) => {
    console.error(error.message.replace(/^u /, 'URL '));
    process.exitCode = 1;
  });
