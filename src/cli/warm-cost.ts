/** Estimates what it costs to warm images, and how long it takes. Pure. */
import {
  CDN_FIRST_GB,
  CDN_REQUEST,
  EDGE_FUNCTION,
  GB_SECOND,
  LAMBDA_REQUEST,
  S3_GET,
  S3_PUT,
  SQS_REQUEST,
} from './prices.ts';

/** Milliseconds of CPU per image: a photograph of 4 to 12 megapixels to WebP or JPEG, and to AVIF; see Costs in Operations. */
export const IMAGE_MS = 60;
export const AVIF_MS = 150;
/** Milliseconds that a function waits for a source. */
export const SOURCE_MS = 100;
/** GB of memory of the functions: the template's default. */
const MEMORY = 1769 / 1024;
const IMAGE_GB = 30e3 / 2 ** 30;
/** The template's BatchConcurrency, and messages per invocation. */
export const BATCH_CONCURRENCY = 5;
export const BATCH_SIZE = 5;
/** Messages in one request to SQS. */
export const SEND_SIZE = 10;

/** What is to be warmed. */
export interface Work {
  readonly sources: number;
  /** Of each source, those in AVIF included. */
  readonly images: number;
  readonly avifImages: number;
}

export interface Estimate {
  readonly items: readonly (readonly [item: string, dollars: number])[];
  readonly dollars: number;
  readonly seconds: number;
}

const total = (items: Estimate['items']) => items.reduce((sum, [, dollars]) => sum + dollars, 0);

const renderMs = ({ images, avifImages }: Work) => (images - avifImages) * IMAGE_MS + avifImages * AVIF_MS;

/** Returns the estimate for a queue, whose function fetches each source once. */
export function estimateQueue(work: Work): Estimate {
  const { sources, images } = work;
  const seconds = (sources * (SOURCE_MS + renderMs(work))) / 1000;
  // Sent by ten; received and deleted by five.
  const queueRequests = sources * (1 / SEND_SIZE + 2 / BATCH_SIZE);
  const items = [
    ['Lambda', seconds * MEMORY * GB_SECOND.arm64 + (sources / BATCH_SIZE) * LAMBDA_REQUEST],
    ['S3, images written', sources * images * S3_PUT],
    ['S3, images looked up and sources read', sources * (images + 1) * S3_GET],
    ['SQS', queueRequests * SQS_REQUEST],
  ] as const;
  return { items, dollars: total(items), seconds: seconds / BATCH_CONCURRENCY };
}

/**
 * Returns the estimate for requests to a deployment with CloudFront and ResultBucket=on, each of which is a miss.
 *
 * @param concurrency requests at once
 */
export function estimateRequests(work: Work, concurrency: number): Estimate {
  const { sources, images } = work;
  const requests = sources * images;
  const seconds = (requests * SOURCE_MS + sources * renderMs(work)) / 1000;
  const items = [
    ['Lambda', seconds * MEMORY * GB_SECOND.arm64 + requests * LAMBDA_REQUEST],
    ['CloudFront', requests * (CDN_REQUEST + EDGE_FUNCTION + IMAGE_GB * CDN_FIRST_GB)],
    ['S3, images written', requests * S3_PUT],
    ['S3, images looked up', requests * S3_GET],
  ] as const;
  return { items, dollars: total(items), seconds: seconds / concurrency };
}

/** Formats an estimate in lines. */
export function formatEstimate({ items, dollars, seconds }: Estimate): string {
  const line = ([item, price]: readonly [string, number]) => `  ${item.padEnd(40)} $${price.toFixed(2)}`;
  const minutes = Math.ceil(seconds / 60);
  const time = minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
  return [...items.map(line), line(['At most, at list prices', dollars]), `  Time: about ${time}`].join('\n');
}
