/** A queue for places, shared out fairly: the next place goes to the client, and its source host, that has the fewest. Pure. */
import { createShares, type Owner } from './shares.ts';

/** One piece of work in the queue. */
export interface Entry {
  readonly owner: Owner;
  /** Whether it may take the one place more, which only small work has: short work need not wait for long work. */
  readonly isSmall?: boolean;
  /** Called once, when the work has got its place: at once, or when another has left. */
  readonly start: () => void;
}

/** Maximum names whose last turn is known; beyond it, the order of arrival decides for once. */
const MAX_NAMES = 10_000;

const hostKey = ({ client, host }: Owner) => `${client}\n${host}`;

/** Compares two ranks, the first difference decides: the lower one is served first. */
const isBefore = (a: readonly number[], b: readonly number[]) => {
  const first = a.findIndex((value, i) => value !== b[i]);
  return first >= 0 && (a[first] ?? 0) < (b[first] ?? 0);
};

/**
 * Creates a queue. It is work-conserving: alone, a client may take all places. While others wait, each place that becomes
 * free goes to the client with the fewest places; among equals, to the one that got its last place first. The same rule
 * then decides between the hosts of that client, and the order of arrival between the rest.
 *
 * @param options.places maximum entries that have started and not left; small ones may have one more
 */
export function createFairQueue({ places }: { readonly places: number }) {
  const waiting = new Set<Entry>();
  const running = new Set<Entry>();
  let runningLarge = 0;
  const shares = createShares();
  /** The turn in which a client, or a host of a client, got its last place. */
  const lastTurns = new Map<string, number>();
  let turn = 0;

  /** The lower of two ranks is served first. */
  function rank({ owner }: Entry): readonly number[] {
    const { client, host } = shares.of(owner);
    return [client, lastTurns.get(owner.client) ?? 0, host, lastTurns.get(hostKey(owner)) ?? 0];
  }

  // One small entry has the place more, however it got its own, and does not count.
  const mayStart = ({ isSmall }: Entry) => {
    const hasSmall = running.size > runningLarge;
    return running.size < places || (running.size === places && (isSmall === true) !== hasSmall);
  };

  function next(): Entry | undefined {
    let best: { readonly entry: Entry; readonly rank: readonly number[] } | undefined;
    for (const entry of waiting) {
      if (!mayStart(entry)) continue;
      const candidate = { entry, rank: rank(entry) };
      if (!best || isBefore(candidate.rank, best.rank)) best = candidate;
    }
    return best?.entry;
  }

  function startNext(): void {
    for (let entry = next(); entry; entry = next()) {
      waiting.delete(entry);
      running.add(entry);
      if (!entry.isSmall) runningLarge++;
      shares.add(entry.owner);
      if (lastTurns.size > MAX_NAMES) lastTurns.clear();
      turn++;
      lastTurns.set(entry.owner.client, turn).set(hostKey(entry.owner), turn);
      entry.start();
    }
  }

  return {
    /** Adds work. @returns a function that ends its wait, or its place */
    enter(entry: Entry): () => void {
      waiting.add(entry);
      startNext();
      return () => {
        waiting.delete(entry);
        if (running.delete(entry)) {
          if (!entry.isSmall) runningLarge--;
          shares.remove(entry.owner);
        }
        if (!waiting.size) lastTurns.clear();
        startNext();
      };
    },
    /** Returns how many wait, and how many have a place. */
    size: () => ({ waiting: waiting.size, running: running.size }),
  };
}
export type FairQueue = ReturnType<typeof createFairQueue>;
