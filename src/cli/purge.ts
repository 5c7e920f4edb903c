/**
 * npm run purge -- URL…: purges all images of a source, a host or a key from CloudFront and the shared S3 cache, or prints
 * the commands for it. The memory of running instances is not purged: they revalidate a cached image after MEMORY_MAX_AGE.
 */
import { parseArgs } from 'node:util';
import { parseSourceUrl } from '../fetch/source-url.ts';
import { sourceTag } from '../http/headers.ts';
import { invalidate, invalidationCommand } from './invalidate.ts';

const HELP = `Usage: npm run purge -- [URL...] [options]

Purges all cached images of these sources: prints the AWS CLI commands, or runs the purge with --send.

  URL                  URL of a source image, as in u=
  --host NAME          all sources of a host (CloudFront only)
  --key ID             all images requested with a key (CloudFront only)
  --distribution ID    the CloudFront distribution; default: a placeholder in the commands
  --bucket NAME        the shared S3 cache, RESULT_BUCKET
  --send               sends the invalidation and deletes the objects, with AWS's default region and credentials
  --help`;

const OPTIONS = {
  host: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  distribution: { type: 'string' },
  bucket: { type: 'string' },
  send: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Returns the targets of a purge: cache tags in CloudFront's syntax, and key prefixes of the bucket's objects. */
export function purgeTargets(urls: readonly string[], hosts: readonly string[], keys: readonly string[]) {
  const sources = urls.map((url) => sourceTag(parseSourceUrl(url).href));
  return {
    tags: [...sources, ...hosts.map((host) => `h-${host.toLowerCase()}`), ...keys.map((key) => `k-${key}`)].map(
      (tag) => `#${tag}`,
    ),
    prefixes: sources.map((tag) => `pixgate/${tag}/`),
  };
}

/** Deletes all objects below a prefix. @throws Error naming the first object that could not be deleted */
async function deleteObjects(Bucket: string, Prefix: string) {
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
  const { tags, prefixes } = purgeTargets(positionals, host, key);
  if (!send) {
    const id = distribution ?? 'DISTRIBUTION_ID';
    console.log(invalidationCommand(id, tags));
    for (const prefix of bucket ? prefixes : []) console.log(`aws s3 rm --recursive s3://${bucket}/${prefix}`);
    return;
  }
  if (!distribution && !bucket) throw new TypeError('--send needs --distribution ID, --bucket NAME, or both');
  // The bucket first: otherwise CloudFront would cache an old image from it again.
  for (const prefix of bucket ? prefixes : []) await deleteObjects(bucket ?? '', prefix);
  if (distribution) console.log(await invalidate(distribution, tags));
}

if (import.meta.main)
  main().catch((error: Error) => {
    console.error(error.message.replace(/^u /, 'URL '));
    process.exitCode = 1;
  });
