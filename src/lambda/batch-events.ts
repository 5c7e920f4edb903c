/** Reads the events of the batch function: SQS, S3 and EventBridge, S3 Batch Operations, and Step Functions. Pure. */
import { ImageError, isTransient } from '../errors.ts';

/** One source to render. */
export interface BatchJob {
  /** As in `u=`. */
  readonly u: string;
  /** Presets as in BATCH_PRESETS; undefined: those of the function. */
  readonly presets?: string | undefined;
  /** As in `v=`. */
  readonly v?: string | undefined;
  /** Whether the source was written just now: a stored image of it is revalidated, although it may still be fresh. */
  readonly isNew: boolean;
}

/** The event of a queue, as far as it is read. */
export interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** The event of S3 Batch Operations, as far as it is read. */
export interface BatchOperationsEvent {
  readonly invocationSchemaVersion: string;
  readonly invocationId: string;
  /** `userArguments` only with schema 2.0. */
  readonly job?: { readonly userArguments?: Readonly<Record<string, string>> | null };
  readonly tasks: readonly {
    readonly taskId: string;
    /** Percent-encoded. */
    readonly s3Key: string;
    /** Schema 1.0. */
    readonly s3BucketArn?: string;
    /** Schema 2.0. */
    readonly s3Bucket?: string;
  }[];
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const hasRecords = (event: unknown): event is { readonly Records: readonly Fields[] } =>
  isObject(event) && Array.isArray(event.Records) && event.Records.every(isObject);

export const isQueueEvent = (event: unknown): event is QueueEvent =>
  hasRecords(event) && event.Records[0]?.eventSource === 'aws:sqs';
export const isBatchOperationsEvent = (event: unknown): event is BatchOperationsEvent =>
  isObject(event) && typeof event.invocationSchemaVersion === 'string' && Array.isArray(event.tasks);

const invalid = (reason: string) => new ImageError('QUERY_INVALID', `The message ${reason}.`);

/** Decodes an object key of S3. @throws ImageError QUERY_INVALID */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch (cause) {
    throw new ImageError('QUERY_INVALID', 'The key of the object is not percent-encoded UTF-8.', { cause });
  }
}

/** Returns the job of an object. @param bucket its name @param key decoded: an `s3:` URL takes it byte for byte */
const objectJob = (bucket: unknown, key: unknown, isNew: boolean): BatchJob => {
  if (typeof bucket !== 'string' || typeof key !== 'string') throw invalid('has no bucket and key');
  return { u: `s3://${bucket}/${key}`, isNew };
};

const member = (value: unknown, name: string) => (isObject(value) ? value[name] : undefined);

/** Returns the jobs of one record of an S3 notification: none if the object was not created. */
function notificationJobs({ eventName, s3 }: Fields): BatchJob[] {
  if (!String(eventName).startsWith('ObjectCreated:')) return [];
  const key = member(member(s3, 'object'), 'key');
  // In these records a space is a plus sign.
  const decoded = typeof key === 'string' ? decodeKey(key.replaceAll('+', ' ')) : undefined;
  return [objectJob(member(member(s3, 'bucket'), 'name'), decoded, true)];
}

const MESSAGE_FIELDS = ['u', 'presets', 'v'];

/** Returns the job of a message of ours: `{"u": "https://…", "presets": "thumb,hero@2x", "v": "3"}`. */
function messageJob(message: Fields): BatchJob {
  const unknown = Object.keys(message).find((name) => !MESSAGE_FIELDS.includes(name));
  if (unknown !== undefined) throw invalid(`may have the fields ${MESSAGE_FIELDS.join(', ')}, and no other`);
  const { u, presets, v } = message;
  const isText = (value: unknown) => value === undefined || typeof value === 'string';
  if (typeof u !== 'string' || !isText(presets) || !isText(v))
    throw invalid('must have the URL of a source in u; presets and v are strings, too');
  return { u, presets: presets as string | undefined, v: v as string | undefined, isNew: false };
}

/**
 * Returns the jobs of one message, or of an event that is one: a message of ours, `{"Items": […]}` with several of them, as a
 * distributed map of Step Functions sends it, a notification of S3, or an event of S3 from EventBridge.
 *
 * @throws ImageError QUERY_INVALID
 */
export function readJobs(message: unknown): BatchJob[] {
  if (hasRecords(message)) return message.Records.flatMap(notificationJobs);
  if (!isObject(message)) throw invalid('must be a JSON object');
  // S3 sends it when a notification is set up.
  if (message.Event === 's3:TestEvent') return [];
  if (Array.isArray(message.Items)) return message.Items.flatMap(readJobs);
  if (message.source !== 'aws.s3') return [messageJob(message)];
  const { detail } = message;
  if (message['detail-type'] !== 'Object Created') return [];
  return [objectJob(member(member(detail, 'bucket'), 'name'), member(member(detail, 'object'), 'key'), true)];
}

/** Returns the jobs of the body of an SQS message. @throws ImageError QUERY_INVALID */
export function readBody(body: string): BatchJob[] {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    // Without the message of the parser: it quotes a part of the text.
    throw invalid('is not JSON');
  }
  return readJobs(message);
}

/** Returns the job of a task of S3 Batch Operations. @throws ImageError QUERY_INVALID */
export function taskJob(
  { s3Key, s3Bucket, s3BucketArn }: BatchOperationsEvent['tasks'][number],
  { job }: BatchOperationsEvent,
): BatchJob {
  const bucket = s3Bucket ?? s3BucketArn?.replace(/^.*:::/, '');
  return { ...objectJob(bucket, decodeKey(s3Key), false), presets: job?.userArguments?.presets };
}

/** Returns an error as the report of a job may show it: a bug has no text, the log has it. */
export const describeError = (error: unknown): string =>
  error instanceof ImageError ? `${error.code}: ${error.message}` : 'INTERNAL: see the log of the function.';

/** Maximum characters of a result in the report of S3 Batch Operations. */
const MAX_RESULT_LENGTH = 1024;

/** Returns the response to S3 Batch Operations: what may pass by itself is a temporary failure, which it tries again. */
export function batchOperationsResponse(
  { invocationSchemaVersion, invocationId, tasks }: BatchOperationsEvent,
  results: readonly PromiseSettledResult<object>[],
) {
  const codeOf = (error: unknown) =>
    isTransient(error) || !(error instanceof ImageError) ? 'TemporaryFailure' : 'PermanentFailure';
  return {
    invocationSchemaVersion,
    treatMissingKeysAs: 'PermanentFailure',
    invocationId,
    results: results.map((result, i) => {
      const isDone = result.status === 'fulfilled';
      return {
        taskId: tasks[i]?.taskId,
        resultCode: isDone ? 'Succeeded' : codeOf(result.reason),
        resultString: (isDone ? JSON.stringify(result.value) : describeError(result.reason)).slice(
          0,
          MAX_RESULT_LENGTH,
        ),
      };
    }),
  };
}
