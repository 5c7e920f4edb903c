/** A queue for places, shared out fairly: the next place goes to the client, and its source host, that has the fewest. Pure. */
import { createShares, type Owner } from './shares.ts';

/** One piece of work in the queue. */
export interface Entry {
  readonly owner: Owner;
  /** Whether it takes a place of those for short work, which then need not wait for long work. */
  readonly isShort?: boolean;
  /** Called once, when the work has got its place: at once, or when another has left. */
  readonly start: () => void;
}

/** Maximum names whose time is known; beyond it, the order of arrival decides for once. */
const MAX_NAMES = 10_000;

const hostKey = ({ client, host }: Owner) => `${client}\n${host}`;

/** Compares two ranks, the first difference decides: the lower one is served first. */
const isBefore = (a: readonly number[], b: readonly number[]) => {
  const first = a.findIndex((value, i) => value !== b[i]);
  return first >= 0 && (a[first] ?? 0) < (b[first] ?? 0);
};

/**
 * The time that names have had a place for, as in start-time fair queueing: a name that was away counts as the one whose turn
 * it was last, so that it neither saves up time nor has to make up for it.
 */
function createClock() {
  const times = new Map<string, number>();
  let now = 0;
  const timeOf = (name: string) => Math.max(now, times.get(name) ?? 0);
  return {
    timeOf,
    start: (name: string) => {
      now = timeOf(name);
    },
    add: (name: string, milliseconds: number) => {
      if (times.size > MAX_NAMES) times.clear();
      times.set(name, timeOf(name) + milliseconds);
    },
    reset: () => times.clear(),
  };
}

/**
 * Creates a queue. It is work-conserving: alone, a client may take all places. While others wait, each place that becomes
 * free goes to the client with the fewest places; among equals, to the one that has had them for the shortest time. The same
 * rule then decides between the hosts of that client, and the order of arrival between the rest.
 *
 * @param options.places maximum entries of long work that have started and not left, and as many again of short work
 * @param options.now a clock in milliseconds
 */
export function createFairQueue({ places, now = () => performance.now() }: { places: number; now?: () => number }) {
  const waiting = new Set<Entry>();
  /** When each entry has started. */
  const running = new Map<Entry, number>();
  let runningShort = 0;
  const shares = createShares();
  const [clients, hosts] = [createClock(), createClock()];

  /** The lower of two ranks is served first. */
  function rank({ owner }: Entry): readonly number[] {
    const { client, host } = shares.of(owner);
    return [client, clients.timeOf(owner.client), host, hosts.timeOf(hostKey(owner))];
  }

  const mayStart = ({ isShort }: Entry) => (isShort ? runningShort : running.size - runningShort) < places;

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
      running.set(entry, now());
      if (entry.isShort) runningShort++;
      shares.add(entry.owner);
      // A turn counts as a millisecond at least: work without any takes turns too.
      for (const [clock, name] of clocksOf(entry)) {
        clock.start(name);
        clock.add(name, 1);
      }
      entry.start();
    }
  }

  const clocksOf = ({ owner }: Entry) =>
    [
      [clients, owner.client],
      [hosts, hostKey(owner)],
    ] as const;

  return {
    /** Adds work. @returns a function that ends its wait, or its place */
    enter(entry: Entry): () => void {
      waiting.add(entry);
      startNext();
      return () => {
        waiting.delete(entry);
        const startedAt = running.get(entry);
        if (startedAt !== undefined) {
          running.delete(entry);
          if (entry.isShort) runningShort--;
          shares.remove(entry.owner);
          for (const [clock, name] of clocksOf(entry)) clock.add(name, now() - startedAt);
        }
        if (!waiting.size) for (const clock of [clients, hosts]) clock.reset();
        startNext();
      };
    },
    /** Returns how many wait, and how many have a place. */
    size: () => ({ waiting: waiting.size, running: running.size }),
  };
}
export type FairQueue = ReturnType<typeof createFairQueue>;
