import { hash } from 'node:crypto';

/** Returns the first `bytes` bytes of the SHA-256 hash of a string (as UTF-8) or a buffer, in base64url without padding. */
export const digest = (data: string | Buffer, bytes: number): string =>
  hash('sha256', data, 'buffer').toString('base64url', 0, bytes);
