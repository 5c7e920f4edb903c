/** The batch function: renders the images of many sources before anybody requests them. */
import { availableParallelism } from 'node:os';
import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { Context } from 'aws-lambda';
import pLimit from 'p-limit';
import { type Config, loadConfig, sourcePolicy } from '../config.ts';
import type { HostHeaders } from '../fetch/source-headers.ts';
import type { Mark } from '../image/mark.ts';
import { openStores } from '../keys/store.ts';
import { createServices } from '../renderer.ts';
import {
  type BatchJob,
  batchOperationsResponse,
  describeError,
  isBatchOperationsEvent,
  isQueueEvent,
  type QueueEvent,
  readBody,
  readJobs,
  taskJob,
} from './batch-events.ts';
import { createJobLog, type JobLog } from './batch-log.ts';
import { planImages, planSettings } from './batch-plan.ts';
import { type BatchCounts, writeImages } from './batch-render.ts';
import { functionMemory, write } from './start.ts';

/** Milliseconds before Lambda's timeout at which work ends: what is not done then fails, and is tried again, by itself. */
const TIMEOUT_EARLY_MS = 1000;
/** Milliseconds before that by which an image should be rendered, to be written. */
const WRITE_MARGIN_MS = 2000;
/** Milliseconds of an invocation outside of Lambda. */
const DEFAULT_TIMEOUT_MS = 60_000;
/** Sources in work at once: one is rendered while others are downloaded. */
const MAX_JOBS = 4;

/** The fields of Lambda's context that are read. */
export type BatchContext = Partial<Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>>;
export type BatchHandler = (event: unknown, context: BatchContext) => Promise<unknown>;

export interface BatchOptions {
  /** Takes one JSON line per message. */
  readonly log: (line: string) => void;
  /** Returns the current headers for origins; those of the configuration by default. */
  readonly sourceHeaders?: () => readonly HostHeaders[];
  /** The marks of the configuration, from `loadMarks`. */
  readonly marks?: readonly Mark[];
  /** Bytes of memory that this process has; those of the machine by default. */
  readonly memory?: number | undefined;
}

/** Reads the jobs of a message or task. @throws ImageError QUERY_INVALID */
type ReadMessage = () => readonly BatchJob[];

const sumOf = (all: readonly BatchCounts[]): BatchCounts => {
  const sum = (name: keyof BatchCounts) => all.reduce((total, counts) => total + counts[name], 0);
  return { written: sum('written'), fresh: sum('fresh'), uncacheable: sum('uncacheable') };
};

/** Returns a function that runs the jobs of messages, and settles each message by itself. */
function createRunner(
  config: Config,
  { sourceHeaders = () => config.sourceHeaders, marks, memory }: BatchOptions,
  log: JobLog,
) {
  const settings = planSettings(config, marks);
  const { shared, ...others } = createServices(config, sourcePolicy(config), { allowBackgroundWork: false, memory });
  if (!shared) throw new TypeError('The batch function needs RESULT_BUCKET, where it stores the images.');
  const services = { ...others, shared };

  return (messages: readonly ReadMessage[], { awsRequestId, getRemainingTimeInMillis }: BatchContext) => {
    const remainingMs = Math.max(0, (getRemainingTimeInMillis?.() ?? DEFAULT_TIMEOUT_MS) - TIMEOUT_EARLY_MS);
    const deadline = Date.now() + remainingMs - WRITE_MARGIN_MS;
    const signal = AbortSignal.timeout(remainingMs);
    const limit = pLimit(MAX_JOBS);
    const run = (read: ReadMessage) =>
      log(awsRequestId, async (setHost) => {
        const counts: BatchCounts[] = [];
        for (const job of read()) {
          const images = planImages(job, settings);
          setHost(images[0]?.query.url.hostname);
          const options = { isNew: job.isNew, sourceHeaders: sourceHeaders(), deadline, signal };
          counts.push(await writeImages(services, images, options));
        }
        return sumOf(counts);
      });
    return Promise.allSettled(messages.map((read) => limit(run, read)));
  };
}

/** An invocation with jobs that failed, for callers that try it again as a whole. */
class BatchError extends Error {
  override readonly name = 'BatchError';
}

/** @throws BatchError if a message failed */
function assertAllDone(results: readonly PromiseSettledResult<BatchCounts>[]): BatchCounts {
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length)
    throw new BatchError(`${failed.length} of ${results.length} failed. ${describeError(failed[0]?.reason)}`);
  return sumOf(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}

/** Returns the messages of an event that is one. Several items are run side by side. */
function readEvent(event: unknown): readonly ReadMessage[] {
  const jobs = readJobs(event);
  return jobs.map((job) => () => [job]);
}

/**
 * Returns a handler of events of SQS, S3, EventBridge, S3 Batch Operations and Step Functions. It returns to SQS the messages
 * that failed, and to S3 Batch Operations a result for each task; for the others, a failed job fails the invocation.
 *
 * @param config with `resultBucket`
 * @throws TypeError without `resultBucket`, or for a preset that does not exist
 */
export function createBatchHandler(config: Config, options: BatchOptions): BatchHandler {
  const runAll = createRunner(config, options, createJobLog(config, options.log));
  const onQueue = middy<QueueEvent>()
    // The line of a job is in the log already.
    .use(sqsPartialBatchFailure({ logger: () => {} }))
    .handler(({ Records }: QueueEvent, context: Context) => {
      const messages = Records.map((record) => () => readBody(record.body));
      return runAll(messages, context);
    });
  return async (event, context) => {
    if (isQueueEvent(event)) return onQueue(event, context as Context);
    if (!isBatchOperationsEvent(event)) return assertAllDone(await runAll(readEvent(event), context));
    const tasks = event.tasks.map((task) => () => [taskJob(task, event)]);
    return batchOperationsResponse(event, await runAll(tasks, context));
  };
}

/**
 * Creates the handler from the settings of the image function, and those that begin with BATCH.
 *
 * @param env settings, as environment variables
 * @throws TypeError of `loadConfig`, `openStores` and `createBatchHandler`
 */
export async function startBatch(env: Readonly<Record<string, string | undefined>>): Promise<BatchHandler> {
  const config = loadConfig(env);
  // Not the keys: nobody's request is checked, and its role cannot read them.
  const { options } = await openStores({ ...config, apiKeysSsm: undefined, apiKeysSecret: undefined }, write);
  return createBatchHandler(config, { log: write, memory: functionMemory(env, availableParallelism()), ...options });
}
