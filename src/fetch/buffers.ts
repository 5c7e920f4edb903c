/** Memory outside of V8's heap: left to the garbage collector, megabytes that nobody wants make it stop everything for them. */

/** Bytes that a buffer may be larger than what it holds: more is memory that would be counted, and kept, for nothing. */
const SLACK = 4096;

/** Gives memory back at once. Nobody else may hold it: not for what may lie in Node's shared pool. */
export const release = (bytes: Buffer<ArrayBuffer>): void => void bytes.buffer.transfer(0);

/** The same bytes; a copy of them where their buffer is much larger. */
export function shrinkToFit(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  if (bytes.buffer.byteLength <= bytes.length + SLACK) return bytes;
  // Not of Node's shared pool: what is remembered would keep all of it.
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}
