/** Lambda's instances, one request at a time in each: who is asked, what he remembers, and what is paid. */
import { gbSeconds } from './prices.ts';

/** Times in milliseconds. */
export interface Platform {
  /** MB of a function. */
  readonly memory: number;
  /** An instance that has had nothing to do for so long is ended, and each after a lifetime. */
  readonly idle: number;
  readonly lifetime: number;
  /** Before the code starts, not billed, and from there to the first event, billed. */
  readonly start: number;
  readonly init: number;
}

export interface Instance {
  readonly born: number;
  /** When it is or was done with its last request. */
  free: number;
  /** What it remembers → since when, least recently used first. */
  readonly sources: Map<number, number>;
  readonly results: Map<number, number>;
}

export interface Bill {
  requests: number;
  coldStarts: number;
  /** GB-seconds. */
  work: number;
  init: number;
  /** Most instances that were busy, and that were there, at once. */
  busy: number;
  alive: number;
}

/**
 * Takes requests in the order of their times. The idle instance that was busy last is asked, so that the others may end: how Lambda
 * chooses is not documented. Without an idle one a new one is started, and the request waits for it.
 */
export function createPool({ memory, idle, lifetime, start, init }: Platform) {
  const busy = createHeap();
  // In the order in which they became free: the longest idle ones are at `first`, all others behind.
  const rested: Instance[] = [];
  let first = 0;
  const bill: Bill = { requests: 0, coldStarts: 0, work: 0, init: 0, busy: 0, alive: 0 };

  function find(time: number): Instance | undefined {
    for (let one = busy.first(); one && one.free <= time; one = busy.first()) rested.push(busy.take() as Instance);
    while (first < rested.length && (rested[first] as Instance).free + idle < time) first++;
    if (first > 1000) {
      rested.splice(0, first);
      first = 0;
    }
    while (rested.length > first) {
      const one = rested.pop() as Instance;
      if (one.born + lifetime > time) return one;
    }
    return undefined;
  }

  return {
    bill,
    /**
     * @param work tells how long the request takes this instance, once it can begin
     * @returns milliseconds that the caller waits
     */
    ask(time: number, work: (instance: Instance, isFirst: boolean) => number, isCounted = true): number {
      const found = find(time);
      const one = found ?? { born: time, free: time, sources: new Map(), results: new Map() };
      const begin = found ? 0 : start + init;
      const took = work(one, !found);
      one.free = time + begin + took;
      busy.add(one);
      if (!isCounted) return begin + took;
      bill.requests++;
      bill.work += gbSeconds(took, memory);
      if (!found) bill.coldStarts++;
      if (!found) bill.init += gbSeconds(init, memory);
      bill.busy = Math.max(bill.busy, busy.size());
      bill.alive = Math.max(bill.alive, busy.size() + rested.length - first);
      return begin + took;
    },
  };
}

/** Busy instances, the one that is free first in front. */
function createHeap() {
  const list: Instance[] = [];
  const at = (i: number) => list[i] as Instance;
  const swap = (i: number, j: number) => {
    const one = at(i);
    list[i] = at(j);
    list[j] = one;
  };
  return {
    size: () => list.length,
    first: (): Instance | undefined => list[0],
    add(one: Instance) {
      list.push(one);
      for (let i = list.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (at(parent).free <= at(i).free) break;
        swap(i, parent);
        i = parent;
      }
    },
    take(): Instance | undefined {
      const top = list[0];
      const last = list.pop();
      if (!list.length || !last) return top;
      list[0] = last;
      for (let i = 0; ; ) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2])
          if (child < list.length && at(child).free < at(least).free) least = child;
        if (least === i) return top;
        swap(i, least);
        i = least;
      }
    },
  };
}

/**
 * Looks for a key, and has it remembered from now on.
 *
 * @param most entries that there is room for; the least recently used one makes way
 * @param fresh milliseconds after which what is remembered must be asked for again
 */
export function recall(memory: Map<number, number>, key: number, now: number, most: number, fresh: number) {
  const since = memory.get(key);
  const isFresh = since !== undefined && now - since <= fresh;
  if (since !== undefined) memory.delete(key);
  memory.set(key, isFresh ? since : now);
  if (memory.size > most) memory.delete(memory.keys().next().value as number);
  if (since === undefined) return 'unknown';
  return isFresh ? 'fresh' : 'stale';
}
