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
  /** Whether its lease has no bytes yet. */
  readonly isFirst: boolean;
  readonly ready: () => void;
}

/**
 * A budget of bytes. One lease at a time may exceed it, so that work which grows always goes on: without it, downloads that
 * have filled the budget half-way would wait for each other. What has to wait depends on whether work begins before all of
 * its bytes are known:
 *
 * - `beside` others, as for downloads: the bytes in work are at most `maxBytes` and those of one source. A large one does not
 *   wait for slow origins, nor does all that is behind it.
 * - `alone`, as for decodes, which end soon: a lease whose first bytes do not fit waits until nothing else is in work. The
 *   bytes in work are at most `maxBytes`, or those of one image; only what a lease reserves later may come on top.
 */
export class MemoryBudget {
  readonly #maxBytes: number;
  readonly #excess: 'beside' | 'alone';
  readonly #waiting: Waiting[] = [];
  /** How many users each buffer has. */
  readonly #users = new WeakMap<Buffer, number>();
  #used = 0;
  #exceeding: object | undefined;

  /**
   * @param maxBytes bytes of all leases together
   * @param excess how a lease may exceed them
   */
  constructor(maxBytes: number, excess: 'beside' | 'alone') {
    this.#maxBytes = maxBytes;
    this.#excess = excess;
  }

  usedBytes(): number {
    return this.#used;
  }

  #fits({ lease, bytes, isFirst }: Waiting): boolean {
    if (this.#used + bytes <= this.#maxBytes || lease === this.#exceeding) return true;
    if (this.#exceeding || this.#used > this.#maxBytes) return false;
    if (this.#excess === 'alone' && isFirst && this.#used > 0) return false;
    this.#exceeding = lease;
    return true;
  }

  /** Grants in the order of arrival; but what has begun passes the others, which may wait for its end. */
  #grantNext(): void {
    for (;;) {
      const [first] = this.#waiting;
      const granted =
        first && this.#fits(first) ? first : this.#waiting.find((entry) => !entry.isFirst && this.#fits(entry));
      if (!granted) return;
      this.#waiting.splice(this.#waiting.indexOf(granted), 1);
      this.#used += granted.bytes;
      granted.ready();
    }
  }

  /** Queues a request for memory. @returns a function that withdraws it */
  #enter(entry: Waiting): () => void {
    this.#waiting.push(entry);
    this.#grantNext();
    return () => {
      const index = this.#waiting.indexOf(entry);
      if (index >= 0) this.#waiting.splice(index, 1);
      this.#grantNext();
    };
  }

  lease(): MemoryLease {
    const owner = {};
    let bytes = 0;
    return {
      reserve: async (more, signal) => {
        const enter = (ready: () => void) => {
          const granted = () => {
            bytes += more;
            ready();
          };
          return this.#enter({ lease: owner, bytes: more, isFirst: bytes === 0, ready: granted });
        };
        if (more > 0) await waitFor(enter, signal, overloaded);
      },
      release: () => {
        this.#used -= bytes;
        bytes = 0;
        if (this.#exceeding === owner) this.#exceeding = undefined;
        this.#grantNext();
      },
    };
  }

  /**
   * Counts a buffer that is in memory already, once for all of its users.
   *
   * @returns a function that ends this use
   */
  hold(buffer: Buffer): () => void {
    const count = this.#users.get(buffer) ?? 0;
    this.#users.set(buffer, count + 1);
    // At its release the buffer may have been shrunk or transferred.
    const bytes = buffer.buffer.byteLength;
    if (!count) this.#used += bytes;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const others = (this.#users.get(buffer) ?? 1) - 1;
      this.#users.set(buffer, others);
      if (others) return;
      this.#used -= bytes;
      this.#grantNext();
    };
  }
}
