import { expect, test } from 'vitest';
import { createFairQueue } from '../../src/concurrency/fair-queue.ts';

/** Adds work by name, `client/host` before a colon, and records the order in which it starts. */
function setUp(places: number) {
  let now = 0;
  const queue = createFairQueue({ places, now: () => now });
  const started: string[] = [];
  const leave = new Map<string, () => void>();
  const enter = (name: string, isShort = false) => {
    const [client = '', host = ''] = name.split(':')[0]?.split('/') ?? [];
    leave.set(name, queue.enter({ owner: { client, host }, isShort, start: () => started.push(name) }));
  };
  return {
    queue,
    started,
    enter,
    end: (name: string) => leave.get(name)?.(),
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test('alone, a client takes all places, in the order of arrival', () => {
  const { started, enter, end } = setUp(2);
  for (const n of [1, 2, 3, 4]) enter(`a/x:${n}`);
  expect(started).toEqual(['a/x:1', 'a/x:2']);
  end('a/x:1');
  expect(started).toEqual(['a/x:1', 'a/x:2', 'a/x:3']);
});

test('the next place goes to the client with the fewest', () => {
  const { started, enter, end } = setUp(4);
  for (const n of [1, 2, 3, 4, 5, 6, 7]) enter(`a/x:${n}`);
  for (const n of [1, 2, 3]) enter(`b/y:${n}`);
  for (const n of [1, 2, 3, 4]) end(`a/x:${n}`);
  expect(started.slice(4)).toEqual(['b/y:1', 'b/y:2', 'a/x:5', 'a/x:6']);
});

test('with one place, clients take turns, however many one of them has waiting', () => {
  const { started, enter, end } = setUp(1);
  for (let n = 0; n < 1000; n++) enter(`a/x:${n}`);
  enter('b/y:1');
  enter('b/y:2');
  end('a/x:0');
  end('b/y:1');
  end('a/x:1');
  expect(started).toEqual(['a/x:0', 'b/y:1', 'a/x:1', 'b/y:2']);
});

test('within a client, source hosts take turns', () => {
  const { started, enter, end } = setUp(1);
  for (let n = 0; n < 100; n++) enter(`a/slow:${n}`);
  enter('a/good:1');
  end('a/slow:0');
  expect(started).toEqual(['a/slow:0', 'a/good:1']);
});

test('clients get equal times, whatever the length of their work', () => {
  const { started, enter, end, wait } = setUp(1);
  for (const n of [1, 2, 3]) enter(`long/x:${n}`);
  for (let n = 0; n < 50; n++) enter(`short/y:${n}`);
  for (let turn = 0; turn < 30; turn++) {
    const name = started.at(-1) ?? '';
    wait(name.startsWith('long') ? 1000 : 100);
    end(name);
  }
  // Ten turns of a tenth of the time.
  expect(started.slice(0, 24).filter((name) => name.startsWith('long'))).toEqual(['long/x:1', 'long/x:2', 'long/x:3']);
  expect(started.indexOf('long/x:3') - started.indexOf('long/x:2')).toBe(11);
});

test('a client that was away has not saved up time', () => {
  const { started, enter, end, wait } = setUp(1);
  for (let n = 0; n < 9; n++) enter(`a/x:${n}`);
  for (let n = 0; n < 5; n++) {
    wait(100);
    end(`a/x:${n}`);
  }
  for (let n = 0; n < 5; n++) enter(`b/y:${n}`);
  for (let turn = 0; turn < 5; turn++) {
    wait(100);
    end(started.at(-1) ?? '');
  }
  expect(started.slice(6)).toEqual(['b/y:0', 'a/x:6', 'b/y:1', 'a/x:7', 'b/y:2']);
});

test('short work has places of its own: it does not wait for long work, nor long work for it', () => {
  const { queue, started, enter, end } = setUp(2);
  for (const n of [1, 2, 3]) enter(`a/x:long-${n}`);
  for (const n of [1, 2, 3]) enter(`a/x:short-${n}`, true);
  expect(started).toEqual(['a/x:long-1', 'a/x:long-2', 'a/x:short-1', 'a/x:short-2']);
  expect(queue.size()).toEqual({ waiting: 2, running: 4 });
  end('a/x:long-1');
  expect(started.at(-1)).toBe('a/x:long-3');
  end('a/x:short-2');
  expect(started.at(-1)).toBe('a/x:short-3');
  expect(queue.size()).toEqual({ waiting: 0, running: 4 });
});

test('an entry that leaves before its turn never starts', () => {
  const { queue, started, enter, end } = setUp(1);
  for (const n of [1, 2, 3]) enter(`a/x:${n}`);
  end('a/x:2');
  end('a/x:1');
  end('a/x:1');
  expect(started).toEqual(['a/x:1', 'a/x:3']);
  end('a/x:3');
  expect(queue.size()).toEqual({ waiting: 0, running: 0 });
});
