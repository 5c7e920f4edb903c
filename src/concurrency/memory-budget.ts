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
  readonly client: string;
  readonly bytes: number;
  /** Whether its lease has no bytes yet. */
  readonly isFirst: boolean;
  /** @param isHeadroom whether it got headroom */
  readonly ready: (isHeadroom: boolean) => void;
}

/** The share of a budget that is left to clients which have next to nothing of it, so that they do not wait for others. */
const HEADROOM = 1 / 8;

/** Counts bytes by client. Those without any are forgotten. */
class Usage {
  readonly #bytes = new Map<string, number>();

  of = (client: string): number => this.#bytes.get(client) ?? 0;

  add(client: string, bytes: number): void {
    const sum = this.of(client) + bytes;
    if (sum) this.#bytes.set(client, sum);
    else this.#bytes.delete(client);
  }
}

/**
 * A budget of bytes. Those who wait for it are granted theirs in turn: the client that has the fewest first. One lease at a time may exceed it, so that work which grows always goes on: without it, downloads that
 * have filled the budget half-way would wait for each other. What has to wait depends on whether work begins before all of
 * its bytes are known:
 *
 * - `beside` others, as for downloads: the bytes in work are at most `maxBytes` and those of one source. A large one does not
 *   wait for slow origins, nor does all that is behind it.
 * - `alone`, as for decodes, which end soon: a lease whose first bytes do not fit waits until nothing else is in work. The
 *   bytes in work are at most `maxBytes`, or those of one image; only what a lease reserves later may come on top.
 *
 * An eighth of the budget beside others is headroom: for clients that have less than half of it.
 */
export class MemoryBudget {
  readonly #maxBytes: number;
  readonly #excess: 'beside' | 'alone';
  readonly #waiting: Waiting[] = [];
  /** How many users each buffer has. Its bytes are counted at first: at its release it may have been shrunk or transferred. */
  readonly #users = new WeakMap<Buffer, { count: number; readonly client: string; readonly bytes: number }>();
  readonly #headroom: number;
  readonly #usage = new Usage();
  #used = 0;
  #usedHeadroom = 0;
  #exceeding: object | undefined;

  /**
   * @param maxBytes bytes of all leases together
   * @param excess how a lease may exceed them
   */
  constructor(maxBytes: number, excess: 'beside' | 'alone') {
    this.#headroom = excess === 'beside' ? maxBytes * HEADROOM : 0;
    this.#maxBytes = maxBytes - this.#headroom;
    this.#excess = excess;
  }

  usedBytes(): number {
    return this.#used + this.#usedHeadroom;
  }

  #fits({ lease, bytes, isFirst }: Waiting): boolean {
    if (this.#used + bytes <= this.#maxBytes || lease === this.#exceeding) return true;
    if (this.#exceeding || this.#used > this.#maxBytes) return false;
    if (this.#excess === 'alone' && isFirst && this.#used > 0) return false;
    this.#exceeding = lease;
    return true;
  }

  #fitsHeadroom = ({ client, bytes }: Waiting): boolean =>
    this.#usedHeadroom + bytes <= this.#headroom && this.#usage.of(client) + bytes <= this.#headroom / 2;

  /** Returns the one whose turn it is: of the client that has the fewest bytes, the one that waits longest. */
  #first(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const entry of this.#waiting)
      if (!first || this.#usage.of(entry.client) < this.#usage.of(first.client)) first = entry;
    return first;
  }

  /** Grants in turn; but what has begun passes the others, which may wait for its end. */
  #grantNext(): void {
    while (this.#waiting.length) {
      const first = this.#first();
      const fitting =
        first && this.#fits(first) ? first : this.#waiting.find((entry) => !entry.isFirst && this.#fits(entry));
      const granted = fitting ?? this.#waiting.find(this.#fitsHeadroom);
      if (!granted) return;
      this.#waiting.splice(this.#waiting.indexOf(granted), 1);
      if (fitting) this.#used += granted.bytes;
      else this.#usedHeadroom += granted.bytes;
      this.#usage.add(granted.client, granted.bytes);
      granted.ready(fitting === undefined);
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

  /** @param client whose memory it is: a key */
  lease(client: string): MemoryLease {
    const owner = {};
    let [bytes, headroom] = [0, 0];
    return {
      reserve: async (more, signal) => {
        const enter = (ready: () => void) => {
          const granted = (isHeadroom: boolean) => {
            if (isHeadroom) headroom += more;
            else bytes += more;
            ready();
          };
          const isFirst = bytes + headroom === 0;
          return this.#enter({ lease: owner, client, bytes: more, isFirst, ready: granted });
        };
        if (more > 0) await waitFor(enter, signal, overloaded);
      },
      release: () => {
        this.#used -= bytes;
        this.#usedHeadroom -= headroom;
        this.#usage.add(client, -bytes - headroom);
        [bytes, headroom] = [0, 0];
        if (this.#exceeding === owner) this.#exceeding = undefined;
        this.#grantNext();
      },
    };
  }

  /**
   * Counts a buffer that is in memory already, once for all of its users.
   *
   * @param client of its first user, whose memory it is
   * @returns a function that ends this use
   */
  hold(buffer: Buffer, client: string): () => void {
    const held = this.#users.get(buffer) ?? { count: 0, client, bytes: buffer.buffer.byteLength };
    if (held.count++ === 0) {
      this.#users.set(buffer, held);
      this.#used += held.bytes;
      this.#usage.add(held.client, held.bytes);
    }
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      if (--held.count) return;
      this.#users.delete(buffer);
      this.#used -= held.bytes;
      this.#usage.add(held.client, -held.bytes);
      this.#grantNext();
    };
  }
}
