/**
 * Memory outside of V8's heap. Left to the garbage collector, megabytes of unused buffers cause long collections that stop
 * every request, so large ones are released at once.
 */

/**
 * Waits until so many bytes fit into the memory of the process, before they are allocated.
 *
 * @throws ImageError OVERLOADED if there is no room for a time, or the signal is aborted
 */
export type ReserveMemory = (bytes: number, signal: AbortSignal) => Promise<void>;

/** Maximum unused bytes of a buffer: more would be counted and stored for nothing. */
const MAX_SLACK = 4096;

/**
 * Releases the memory of a buffer at once.
 *
 * @param bytes with a memory of its own: not from Node's shared pool, and used by nobody else
 */
export const release = (bytes: Buffer<ArrayBuffer>): void => void bytes.buffer.transfer(0);

/** Returns the same bytes, copied to a buffer of their size when the memory behind them is over 4096 bytes larger. */
export function shrinkToFit(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  if (bytes.buffer.byteLength <= bytes.length + MAX_SLACK) return bytes;
  // Not from Node's shared pool: a cached slice would retain the whole pool.
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
