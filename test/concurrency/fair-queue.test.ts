import { expect, test } from 'vitest';
import { createFairQueue } from '../../src/concurrency/fair-queue.ts';

/** Adds work by name, `client/host` before a colon, and records the order in which it starts. */
function setUp(places: number) {
  const queue = createFairQueue({ places });
  const started: string[] = [];
  const leave = new Map<string, () => void>();
  const enter = (name: string, isSmall = false) => {
    const [client = '', host = ''] = name.split(':')[0]?.split('/') ?? [];
    leave.set(name, queue.enter({ owner: { client, host }, isSmall, start: () => started.push(name) }));
  };
  return { queue, started, enter, end: (name: string) => leave.get(name)?.() };
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

test('small work takes one place more, if all are taken by large work', () => {
  const { queue, started, enter, end } = setUp(2);
  for (const n of [1, 2, 3]) enter(`a/x:large-${n}`);
  for (const n of [1, 2]) enter(`a/x:small-${n}`, true);
  expect(started).toEqual(['a/x:large-1', 'a/x:large-2', 'a/x:small-1']);
  // No more than that, and large work still gets the place of large work, while the small one is at work.
  end('a/x:large-1');
  expect(started.at(3)).toBe('a/x:large-3');
  expect(queue.size()).toEqual({ waiting: 1, running: 3 });
  end('a/x:small-1');
  expect(started.at(4)).toBe('a/x:small-2');
  expect(queue.size().running).toBe(3);
});

test('the place more stays one place, however small work got its own', () => {
  const { queue, started, enter } = setUp(2);
  for (const n of [1, 2, 3]) enter(`a/x:small-${n}`, true);
  for (const n of [1, 2]) enter(`b/y:large-${n}`);
  expect(started).toEqual(['a/x:small-1', 'a/x:small-2', 'b/y:large-1']);
  expect(queue.size()).toEqual({ waiting: 2, running: 3 });
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
