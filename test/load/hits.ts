/** The client that measures: a few connections in a process of its own, so that the load's work is not in its times. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { createClient } from './client.ts';

const CONNECTIONS = 4;
/** Milliseconds from one request of a connection to its next. */
const EVERY = 50;

/** One answer from memory: when it was asked for (since 1970), how long it took, whether it was the right picture. */
export interface Hit {
  readonly at: number;
  readonly took: number;
  readonly right: boolean;
}

async function measure(origin: string, targets: readonly string[]) {
  const { ask, close } = createClient(origin, CONNECTIONS);
  const pictures = new Map<string, Buffer>();
  for (const target of targets) pictures.set(target, (await ask(target)).body);
  const hits: Hit[] = [];
  let going = true;
  const line = async (first: number) => {
    await setTimeout((first * EVERY) / CONNECTIONS);
    let due = performance.now();
    for (let n = first; going; n++) {
      const target = targets[n % targets.length] ?? '';
      const wait = due - performance.now();
      if (wait > 0) await setTimeout(wait);
      // A request that had to wait for the answer before it has waited since it was due.
      const started = wait > 0 ? performance.now() : due;
      const at = Date.now();
      const { status, headers, body } = await ask(target);
      const remembered = String(headers['server-timing']).startsWith('cache;desc=hit');
      const right = status === 200 && remembered && body.equals(pictures.get(target) ?? Buffer.alloc(0));
      hits.push({ at, took: performance.now() - started, right });
      due += EVERY;
    }
  };
  const lines = Array.from({ length: CONNECTIONS }, (_, i) => line(i));
  process.send?.('measuring');
  await once(process, 'message');
  going = false;
  await Promise.all(lines);
  close();
  process.send?.(hits, undefined, undefined, () => process.disconnect());
}

/** Asks for the remembered pictures, steadily, until it is stopped. */
export async function startHits(origin: string, targets: readonly string[]) {
  const child = fork(new URL(import.meta.url), [origin, JSON.stringify(targets)], { execArgv: [] });
  await once(child, 'message');
  return {
    stop: async () => {
      const [answer] = await Promise.all([once(child, 'message'), child.send('stop')]);
      return answer[0] as Hit[];
    },
  };
}

if (import.meta.main) await measure(process.argv[2] ?? '', JSON.parse(process.argv[3] ?? '[]'));
