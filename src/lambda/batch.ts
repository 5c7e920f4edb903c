/** Lambda entry point of the batch function, for SQS, S3, EventBridge, S3 Batch Operations and Step Functions. */
import { startBatch } from './batch-handler.ts';

export const handler = await startBatch(process.env);
