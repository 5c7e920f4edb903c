/** Measures the CPU of a cache hit in the local server: `npm run bench:hit`. CPU of its process, by batches of requests. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { startServer } from '../../src/dev/server.ts';
import { KEY, testConfig } from '../requests.ts';

const BATCHES = 60;
const BATCH = 50;

/** Sends the requests from a process of its own, so that its work is not counted. */
async function client(target: string, headers: Record<string, string>) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const request = () =>
    new Promise<void>((resolve) => http.get(target, { agent, headers }, (reply) => reply.resume().on('end', resolve)));
  process.on('message', async () => {
    for (let i = 0; i < BATCH; i++) await request();
    process.send?.('done');
  });
  process.send?.('ready');
}

/** Measures the batches of each row, sorted. Rows take turns, so that other load of the machine affects all of them. */
async function measure(rows: readonly [target: string, headers: Record<string, string>][]): Promise<number[][]> {
  const clients = rows.map(([target, headers]) => fork(new URL(import.meta.url), [target, JSON.stringify(headers)]));
  await Promise.all(clients.map((child) => once(child, 'message')));
  const costs = rows.map((): number[] => []);
  for (let i = 0; i < BATCHES; i++)
    for (const [row, child] of clients.entries()) {
      const before = process.cpuUsage();
      child.send('go');
      await once(child, 'message');
      const { user, system } = process.cpuUsage(before);
      costs[row]?.push((user + system) / 1000 / BATCH);
    }
  for (const child of clients) child.kill();
  return costs.map((all) => all.slice(10).sort((a, b) => a - b));
}

async function main() {
  const { origin, stop } = await startServer(testConfig(), { log: () => {} });
  const target = `${origin}/?k=${KEY}&w=320&f=webp&u=${encodeURIComponent(`${origin}/samples/landscape.jpg`)}`;
  const { headers } = await fetch(target);
  const plain = http.createServer((_request, response) => response.end('x'.repeat(12_000))).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const floor = `http://127.0.0.1:${(plain.address() as { port: number }).port}/`;
  const rows: [string, string, Record<string, string>][] = [
    ['node:http alone', floor, {}],
    ['hit', target, {}],
    ['304', target, { 'if-none-match': headers.get('etag') ?? '' }],
  ];
  console.log(`CPU ms a request, ${BATCHES - 10} batches of ${BATCH}`);
  const costs = await measure(rows.map(([, url, headers]) => [url, headers]));
  for (const [row, [name]] of rows.entries()) {
    const at = (share: number) => (costs[row]?.[Math.floor((BATCHES - 10) * share)] ?? Number.NaN).toFixed(3);
    console.log(`${name.padEnd(16)} p50 ${at(0.5)}  p90 ${at(0.9)}`);
  }
  plain.close();
  await stop();
}

const [, , target, headers] = process.argv;
await (target ? client(target, JSON.parse(headers ?? '{}')) : main());
