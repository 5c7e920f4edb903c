/** Simulates Lambda's instances, one request at a time in each: which one is chosen, what it has cached, and what is billed. */
import { gbSeconds } from './prices.ts';

/** Times in milliseconds. */
export interface Platform {
  /** MB of a function. */
  readonly memory: number;
  /** Time after which an idle instance ends, and after which any instance ends. */
  readonly idle: number;
  readonly lifetime: number;
  /** Time before the code starts, not billed; and from there to the first event, billed. */
  readonly start: number;
  readonly init: number;
}

export interface Instance {
  readonly born: number;
  /** Time at which its last request ends or ended. */
  free: number;
  /** Caches: key → time of storing, least recently used first. */
  readonly sources: Map<number, number>;
  readonly results: Map<number, number>;
}

export interface Bill {
  requests: number;
  coldStarts: number;
  /** GB-seconds. */
  work: number;
  init: number;
  /** Maximum numbers of busy instances, and of all instances, at once. */
  busy: number;
  alive: number;
}

/**
 * Takes requests in the order of their times. It chooses the idle instance that was busy last, so that the others can end: how Lambda
 * chooses is not documented. If none is idle, a new one starts, and the request waits for it.
 */
export function createPool({ memory, idle, lifetime, start, init }: Platform) {
  const busy = createHeap();
  // In the order in which they became free: the longest idle one is at `first`.
  const idleInstances: Instance[] = [];
  let first = 0;
  const bill: Bill = { requests: 0, coldStarts: 0, work: 0, init: 0, busy: 0, alive: 0 };

  function find(time: number): Instance | undefined {
    for (let one = busy.first(); one && one.free <= time; one = busy.first())
      idleInstances.push(busy.take() as Instance);
    while (first < idleInstances.length && (idleInstances[first] as Instance).free + idle < time) first++;
    if (first > 1000) {
      idleInstances.splice(0, first);
      first = 0;
    }
    while (idleInstances.length > first) {
      const one = idleInstances.pop() as Instance;
      if (one.born + lifetime > time) return one;
    }
    return undefined;
  }

  return {
    bill,
    /**
     * @param work returns how long the request takes in this instance, once it can begin
     * @returns milliseconds that the caller waits
     */
    ask(time: number, work: (instance: Instance, isFirst: boolean) => number, isCounted = true): number {
      const idleInstance = find(time);
      const instance = idleInstance ?? { born: time, free: time, sources: new Map(), results: new Map() };
      const wait = idleInstance ? 0 : start + init;
      const duration = work(instance, !idleInstance);
      instance.free = time + wait + duration;
      busy.add(instance);
      if (!isCounted) return wait + duration;
      bill.requests++;
      bill.work += gbSeconds(duration, memory);
      if (!idleInstance) bill.coldStarts++;
      if (!idleInstance) bill.init += gbSeconds(init, memory);
      bill.busy = Math.max(bill.busy, busy.size());
      bill.alive = Math.max(bill.alive, busy.size() + idleInstances.length - first);
      return wait + duration;
    },
  };
}

/** A heap of busy instances: the one that is free first is on top. */
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
        let smallest = i;
        for (const child of [2 * i + 1, 2 * i + 2])
          if (child < list.length && at(child).free < at(smallest).free) smallest = child;
        if (smallest === i) return top;
        swap(i, smallest);
        i = smallest;
      }
    },
  };
}

/**
 * Looks up a key in a cache, and stores it.
 *
 * @param maxEntries maximum number of entries; the least recently used one is evicted
 * @param fresh milliseconds after which an entry must be revalidated
 */
export function lookUp(memory: Map<number, number>, key: number, now: number, maxEntries: number, fresh: number) {
  const since = memory.get(key);
  const isFresh = since !== undefined && now - since <= fresh;
  if (since !== undefined) memory.delete(key);
  memory.set(key, isFresh ? since : now);
  if (memory.size > maxEntries) memory.delete(memory.keys().next().value as number);
  if (since === undefined) return 'unknown';
  return isFresh ? 'fresh' : 'stale';
}
