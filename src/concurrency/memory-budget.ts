/** The memory budget of a process: bytes are counted before they are allocated, and who finds no room waits. */
import { overloaded, waitFor } from './wait.ts';

/** The memory of one piece of work. */
export interface MemoryLease {
  /**
   * Waits until further bytes fit.
   *
   * @throws ImageError OVERLOADED after 20 s, or when the signal is aborted
   */
  readonly reserve: (bytes: number, signal: AbortSignal) => Promise<void>;
  /** Returns all bytes. May be called again. */
  readonly release: () => void;
}

interface Waiting {
  readonly lease: object;
  readonly bytes: number;
  readonly ready: () => void;
}

/**
 * Creates a budget. One lease at a time may exceed it, so that work which grows always goes on: without it, downloads that
 * have filled the budget half-way would wait for each other. The bytes in work are therefore at most `maxBytes` and those
 * of one image.
 *
 * @param maxBytes bytes of all leases together
 */
export function createMemoryBudget(maxBytes: number) {
  let used = 0;
  let exceeding: object | undefined;
  const waiting: Waiting[] = [];
  /** How many users each buffer has. */
  const users = new WeakMap<Buffer, number>();

  function fits({ lease, bytes }: Waiting): boolean {
    if (used + bytes <= maxBytes || lease === exceeding) return true;
    if (exceeding || used > maxBytes) return false;
    exceeding = lease;
    return true;
  }

  /** Grants in the order of arrival; what goes on beyond the budget passes the others. */
  function grantNext(): void {
    let granted: Waiting | undefined;
    do {
      const [first] = waiting;
      granted = first && fits(first) ? first : waiting.find(({ lease }) => lease === exceeding);
      if (!granted) return;
      waiting.splice(waiting.indexOf(granted), 1);
      used += granted.bytes;
      granted.ready();
    } while (granted);
  }

  function lease(): MemoryLease {
    const owner = {};
    let bytes = 0;
    return {
      async reserve(more, signal) {
        const enter = (ready: () => void) => {
          const granted = () => {
            bytes += more;
            ready();
          };
          const entry = { lease: owner, bytes: more, ready: granted };
          waiting.push(entry);
          grantNext();
          return () => {
            const index = waiting.indexOf(entry);
            if (index >= 0) waiting.splice(index, 1);
            grantNext();
          };
        };
        if (more > 0) await waitFor(enter, signal, overloaded);
      },
      release() {
        used -= bytes;
        bytes = 0;
        if (exceeding === owner) exceeding = undefined;
        grantNext();
      },
    };
  }

  /**
   * Counts a buffer that is in memory already, once for all of its users.
   *
   * @returns a function that ends this use
   */
  function hold(buffer: Buffer): () => void {
    const count = users.get(buffer) ?? 0;
    users.set(buffer, count + 1);
    if (!count) used += buffer.buffer.byteLength;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const others = (users.get(buffer) ?? 1) - 1;
      users.set(buffer, others);
      if (others) return;
      used -= buffer.buffer.byteLength;
      grantNext();
    };
  }

  return { lease, hold, usedBytes: () => used };
}
export type MemoryBudget = ReturnType<typeof createMemoryBudget>;
