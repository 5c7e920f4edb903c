/** AWS's prices in us-east-1, as listed in November 2026, in dollars, without the free tier. */

/** Per GB-second. Above 7.5 billion a month (x64: 6) it is 10 % less. */
export const GB_SECOND = { arm64: 0.0000133334, x64: 0.0000166667 } as const;
/** Per Lambda request. */
export const LAMBDA_REQUEST = 0.2e-6;
/** Per HTTPS request to CloudFront, and per invocation of the template's CloudFront function. */
export const CDN_REQUEST = 1e-6;
export const EDGE_FUNCTION = 0.1e-6;
/** Per GB that CloudFront sends to North America or Europe, for the first 10 TB of a month. */
export const CDN_FIRST_GB = 0.085;
/** Per request to S3 that writes, and that reads. */
export const S3_PUT = 5e-6;
export const S3_GET = 0.4e-6;
/** Per request to SQS, of up to 64 kB. */
export const SQS_REQUEST = 0.4e-6;
