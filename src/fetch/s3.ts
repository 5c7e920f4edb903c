/** Reads a source from S3, with the same limits as over HTTP. */
import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { ImageError } from '../errors.ts';
import { type FetchedSource, type NotModified, type OriginResponse, readBody, type SourceLimits } from './body.ts';
import { parseContentEncoding } from './gzip.ts';
import type { Validators } from './request.ts';
import { statusOf, toS3Error } from './s3-errors.ts';
import { s3Parts } from './s3-url.ts';

/** Where and how S3 sources are read. What is not set comes from the environment, as for any AWS SDK. */
export interface S3Settings {
  /** Of another service with the API of S3, or of a VPC endpoint. */
  readonly sourceS3Endpoint?: string | undefined;
  readonly sourceS3Region?: string | undefined;
  /** `on`: the bucket is in the path of a request, not in its host name. */
  readonly sourceS3PathStyle?: string;
  /** `on`: this deployment pays for what it reads. */
  readonly sourceS3RequesterPays?: string;
  readonly sourceS3AccessKeyId?: string | undefined;
  readonly sourceS3SecretAccessKey?: string | undefined;
}

type Sdk = typeof import('@aws-sdk/client-s3');

function createClient(sdk: Sdk, settings: S3Settings): S3Client {
  const { sourceS3Endpoint: endpoint, sourceS3Region: region } = settings;
  const { sourceS3AccessKeyId: accessKeyId, sourceS3SecretAccessKey: secretAccessKey } = settings;
  return new sdk.S3Client({
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    forcePathStyle: settings.sourceS3PathStyle === 'on',
    // A bucket, or the ARN of an access point, may be in another region than this deployment.
    followRegionRedirects: true,
    useArnRegion: true,
    // Other services do not know the newer checksums.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

/** The SDK and its clients by settings, loaded for the first `s3:` URL. */
const clients = new WeakMap<S3Settings, Promise<{ sdk: Sdk; client: S3Client }>>();
function loadClient(settings: S3Settings) {
  const known = clients.get(settings);
  if (known) return known;
  const loading = import('@aws-sdk/client-s3').then(
    (sdk) => ({ sdk, client: createClient(sdk, settings) }),
    (cause) => {
      throw new ImageError(
        'INTERNAL',
        'An s3: source needs the package @aws-sdk/client-s3, which the Lambda runtime includes.',
        { cause },
      );
    },
  );
  clients.set(settings, loading);
  return loading;
}

/** Returns what caching depends on. S3 does not redirect, and has no caches that add an age. */
const originResponse = ({
  ETag,
  LastModified,
  CacheControl,
  ExpiresString,
}: Pick<GetObjectCommandOutput, 'ETag' | 'LastModified' | 'CacheControl' | 'ExpiresString'>): OriginResponse => ({
  requestedAt: Date.now(),
  headers: {
    ...(ETag && { etag: ETag }),
    ...(LastModified && { 'last-modified': LastModified.toUTCString() }),
    ...(CacheControl && { 'cache-control': CacheControl }),
    ...(ExpiresString && { expires: ExpiresString }),
  },
  receivedAt: Date.now(),
  redirects: [],
  hops: [],
  finalUrl: undefined,
});

/**
 * Reads one object.
 *
 * @param url `s3://bucket/key`, with a version or without, from `parseSourceUrl`; its bucket has been checked
 * @param settings of the deployment; those with the same settings share a client
 * @param signal ends the request and the transfer
 * @param validators of an earlier response: with them S3 may respond with 304
 * @throws ImageError SOURCE_FORBIDDEN when the bucket does not allow it; SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, IMAGE_TOO_LARGE,
 *   SOURCE_UNSUPPORTED, SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export async function readS3(
  url: URL,
  settings: S3Settings,
  limits: SourceLimits,
  signal: AbortSignal,
  { etag, lastModified }: Validators,
): Promise<FetchedSource | NotModified> {
  const { bucket, key, versionId } = s3Parts(url);
  const object = {
    Bucket: bucket,
    Key: key,
    VersionId: versionId,
    ...(settings.sourceS3RequesterPays === 'on' && { RequestPayer: 'requester' as const }),
  };
  const { sdk, client } = await loadClient(settings);
  const startedAt = performance.now();
  try {
    const command = new sdk.GetObjectCommand({
      ...object,
      IfNoneMatch: etag,
      IfModifiedSince: lastModified === undefined ? undefined : new Date(lastModified),
    });
    const output = await client.send(command, { abortSignal: signal });
    const { Body, ContentLength: contentLength = 0, ContentEncoding } = output;
    const response = originResponse(output);
    const body = Body as Readable;
    const onAbort = () => body.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const coding = parseContentEncoding(ContentEncoding);
      const source = await readBody(body, { contentLength, coding, signal, limits });
      return { ...source, ...response, timings: { dns: 0, connect: 0, download: performance.now() - startedAt } };
    } finally {
      signal.removeEventListener('abort', onAbort);
      body.destroy();
    }
  } catch (error) {
    if (statusOf(error) === 304) {
      // The SDK throws on a 304 and drops its caching headers: HEAD returns them.
      const head = await client.send(new sdk.HeadObjectCommand(object), { abortSignal: signal });
      return { bytes: undefined, ...originResponse(head) };
    }
    throw toS3Error(error, versionId !== undefined, signal);
  }
}
