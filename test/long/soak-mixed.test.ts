/**
 * A thousand mixed requests, valid and invalid: the process stays within a bound of memory, and returns what it took. Linux only.
 * `npm run soak`; `SOAK_MIXED=20000 npm run soak` for more of them.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START } from '../npm-start.ts';
import { startOrigin } from '../origin.ts';
import { request } from '../requests.ts';

const COUNT = Number(process.env.SOAK_MIXED ?? 1000);
/** Maximum resident memory after all requests, as a multiple of that after a tenth of 20,000. */
const MAX_GROWTH = 1.3;
const WARM_UP = 2000;
const IDLE_MS = 5000;
const QUERIES = [
  'w=640',
  'w=1600',
  'w=400&h=400&fit=cover&f=png',
  'w=300&mask=circle',
  'w=500&ro=33&f=jpg',
  'w=200&blur=5',
  'w=300&f=gif',
  'w=250&trim=10',
  'w=1&f=json',
];

/** Enlarges noise, so that encoders have work. */
const noise = async (width: number, height: number) => {
  const side = 200;
  const pixels = { width: side, height: side, channels: 3 } as const;
  const small = await sharp(randomBytes(side * side * 3), { raw: pixels })
    .png()
    .toBuffer();
  return sharp(small).resize(width, height, { fit: 'fill' });
};

let origin: Awaited<ReturnType<typeof startOrigin>>;
let sources: Record<string, Buffer>;
beforeAll(async () => {
  const png = await (await noise(1200, 900)).png().toBuffer();
  sources = {
    jpeg: await (await noise(3000, 2000)).jpeg().toBuffer(),
    progressive: await (await noise(4000, 3000)).jpeg({ progressive: true }).toBuffer(),
    png,
    webp: await (await noise(2000, 1500)).webp().toBuffer(),
    avif: await (await noise(800, 600)).avif({ effort: 0 }).toBuffer(),
    svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="5"/></svg>'),
    corrupt: png.subarray(0, png.length / 2),
    // A good header, and 20 MB of nothing.
    bomb: gzipSync(Buffer.concat([png.subarray(0, 100), Buffer.alloc(20_000_000)])),
  };
  origin = await startOrigin();
});
afterAll(() => origin.close());

test(`${COUNT} mixed requests`, { timeout: Math.max(1200, COUNT) * 1000 }, async () => {
  const { MALLOC_ARENA_MAX: _, ...env } = process.env;
  const server = spawn(process.execPath, START, {
    // The bound is that of two vCPUs, on any machine.
    env: { ...env, PORT: '0', API_KEYS: 'soak:key', SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', MAX_DECODES: '2' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  server.stdout.on('data', (data) => {
    output += output.includes('Ctrl-C') ? '' : data;
  });
  await expect.poll(() => output, { timeout: 60_000 }).toContain('Ctrl-C');
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
  const megabytes = (field: 'VmHWM' | 'VmRSS') =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;
  const names = Object.keys(sources);
  const counts: Record<string, number> = {};
  let next = 0;
  const client = async (end: number) => {
    while (next < end) {
      const i = next++;
      const name = names[i % names.length] ?? '';
      const path = `/${name}-${i}`;
      origin.set(path, {
        body: sources[name] ?? '',
        headers: name === 'bomb' ? { 'content-encoding': 'gzip' } : {},
      });
      const { status } = await request(
        base,
        `/?k=key&${QUERIES[i % QUERIES.length]}&u=${encodeURIComponent(origin.url + path)}`,
      );
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  /** Sends requests up to this number, and waits. @returns the memory of the idle process */
  const memoryAfter = async (end: number) => {
    await Promise.all(Array.from({ length: 12 }, () => client(end)));
    await setTimeout(IDLE_MS);
    return megabytes('VmRSS');
  };
  const before = await memoryAfter(Math.min(COUNT, WARM_UP));
  const after = await memoryAfter(COUNT);
  const peak = megabytes('VmHWM');
  console.log(
    `${JSON.stringify(counts)}; ${[before, after, peak].map(Math.round).join(', ')} MB (before, after, peak)`,
  );
  server.kill('SIGTERM');
  expect(Object.keys(counts).filter((status) => !['200', '413', '422', '503', '504'].includes(status))).toEqual([]);
  // 860 MB with an arena for each thread, 2 GB where cached errors held their sources.
  expect(peak).toBeLessThan(700);
  expect(after).toBeLessThanOrEqual(MAX_GROWTH * before);
});
