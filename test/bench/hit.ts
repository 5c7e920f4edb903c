/** What a remembered picture costs the local server: `npm run bench:hit`. CPU of its process, by batches of requests. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { startServer } from '../../src/dev/server.ts';
import { KEY, testConfig } from '../requests.ts';

const BATCHES = 60;
const BATCH = 50;

/** The client is a process of its own, so that its work is not counted. */
async function client(target: string, headers: Record<string, string>) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<void>((resolve) => http.get(target, { agent, headers }, (reply) => reply.resume().on('end', resolve)));
  process.on('message', async () => {
    for (let i = 0; i < BATCH; i++) await ask();
    process.send?.('done');
  });
  process.send?.('ready');
}

async function measure(target: string, headers: Record<string, string>) {
  const child = fork(new URL(import.meta.url), [target, JSON.stringify(headers)]);
  await once(child, 'message');
  const costs: number[] = [];
  for (let i = 0; i < BATCHES; i++) {
    const before = process.cpuUsage();
    child.send('go');
    await once(child, 'message');
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000 / BATCH);
  }
  child.kill();
  return costs.slice(10).sort((a, b) => a - b);
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
  for (const [name, address, sent] of rows) {
    const costs = await measure(address, sent);
    const at = (share: number) => (costs[Math.floor(costs.length * share)] ?? Number.NaN).toFixed(3);
    console.log(`${name.padEnd(16)} p50 ${at(0.5)}  p90 ${at(0.9)}`);
  }
  plain.close();
  await stop();
}

const [, , target, headers] = process.argv;
await (target ? client(target, JSON.parse(headers ?? '{}')) : main());
