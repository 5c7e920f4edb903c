/** Maps an error of S3 to an error for the caller: the message names the missing right, and no role, bucket or key. */
import { ImageError } from '../errors.ts';
import { isTransientStatus, sourceTimeout, sourceUnavailable } from './errors.ts';

interface S3Error {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Returns the HTTP status of an error of the SDK. */
export const statusOf = (error: unknown) => (error as S3Error).$metadata?.httpStatusCode;

const CREDENTIAL_ERRORS = [
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
];

/** Returns what is missing, by the action in the message; S3 leaves it out for requests from another account. */
function deniedReason({ message = '' }: S3Error, hasVersion: boolean): string {
  const action = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1];
  const read = hasVersion ? 's3:GetObjectVersion' : 's3:GetObject';
  if (action?.startsWith('kms:')) return `it needs ${action} for the KMS key of the object`;
  if (action === 's3:ListBucket')
    return 'it needs s3:ListBucket for the bucket: probably there is no such object, which S3 does not tell without it';
  if (action) return `it needs ${action} for the object`;
  return `it needs ${read} for the object, kms:Decrypt for its KMS key if it has one, and s3:ListBucket for the bucket, without which a missing object is denied`;
}

const forbidden = (reason: string, cause: unknown) =>
  new ImageError('SOURCE_FORBIDDEN', `The bucket does not allow this deployment to read the object: ${reason}.`, {
    cause,
  });

const notFound = (message: string, cause: unknown) => new ImageError('SOURCE_NOT_FOUND', message, { cause });

/** @param hasVersion whether a version of the object was requested */
export function toS3Error(error: unknown, hasVersion: boolean, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return sourceTimeout(error);
  const { name = '' } = error as S3Error;
  const status = statusOf(error);
  if (name.startsWith('KMS.'))
    return sourceUnavailable('The KMS key of the object cannot be used: it may be disabled or deleted.', error, false);
  if (name === 'InvalidObjectState')
    return sourceUnavailable('The object is archived: it must be restored before it can be read.', error, false);
  if (name === 'CredentialsProviderError')
    return sourceUnavailable('This deployment has no credentials for S3.', error);
  if (CREDENTIAL_ERRORS.includes(name)) return forbidden('its credentials are not accepted', error);
  if (status === 404 && name === 'NoSuchBucket') return notFound('There is no such bucket.', error);
  if (hasVersion && [400, 404, 405].includes(status ?? 0)) return notFound('The object has no such version.', error);
  if (status === 404) return notFound('The bucket has no such object.', error);
  if (status === 403) return forbidden(deniedReason(error as S3Error, hasVersion), error);
  if (status === 301 || status === 307)
    return sourceUnavailable('The bucket is in another region, or at another endpoint.', error, false);
  const transient = status === undefined || isTransientStatus(status);
  return sourceUnavailable('The bucket could not be read.', error, transient);
}
