/** Runs the local server in a process of its own, and reads that process's figures from the system. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { START } from '../npm-start.ts';
import { KEYS } from './requests.ts';
import type { LoopStats } from './watch.ts';

/** Fewer than the clients, so that some must be refused. */
export const MAX_REQUESTS = 32;

/**
 * Short time budgets, so that the silent sources of the load repeat often; small caches, so that they are full and evict entries
 * before the second half of a short run, in which memory must not grow.
 */
const SETTINGS = {
  PORT: '0',
  // As with `npm start`, which sets them by replacing the process: that would close the channel to this one.
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  UV_THREADPOOL_SIZE: String(2 * availableParallelism() + 4),
  API_KEYS: Object.entries(KEYS)
    .map(([id, key]) => `${id}:${key}`)
    .join(','),
  SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
  SOURCE_IDLE_TIMEOUT: '1000',
  SOURCE_TIMEOUT: '2000',
  SVG_TIMEOUT: '1000',
  RESULT_MEMORY: `${16 << 20}`,
  SOURCE_MEMORY: `${16 << 20}`,
  MAX_REQUESTS: `${MAX_REQUESTS}`,
  // Longer than the run: a revalidated image would be no hit.
  MEMORY_MAX_AGE: '3600',
};

const LISTENING = '0A';

/** Reads inodes and states of the machine's TCP sockets, as that process sees them. */
const tcpTable = (pid: number) =>
  ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .map(([, , , state, , , , , , inode = '']) => ({ inode, state })),
  );

const linkOf = (path: string) => {
  try {
    return readlinkSync(path);
  } catch {
    // The descriptor was closed meanwhile.
    return '';
  }
};

function handlesOf(pid: number) {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  const sockets = tcpTable(pid).filter(({ inode }) => links.includes(`socket:[${inode}]`));
  const listeners = sockets.filter(({ state }) => state === LISTENING).length;
  return { files: links.filter(Boolean).length, listeners, connections: sockets.length - listeners };
}

export async function startServer() {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', './test/load/watch.ts', ...START], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { PATH, HOME, ...SETTINGS },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { pid = 0, stdout, stderr } = child;
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  let tail = '';
  let errors = '';
  // The log has thousands of lines: only the greeting and the last line are read.
  stdout?.on('data', (data) => (tail = (tail + data).slice(-4096)));
  stderr?.on('data', (data) => (errors += data));
  for (let i = 0; !tail.includes('Ctrl-C'); i++) {
    if (child.exitCode !== null || i > 400) throw new Error(`The server did not start: ${tail}${errors}`);
    await setTimeout(50);
  }
  return {
    origin: /http:\/\/127\.0\.0\.1:\d+/.exec(tail)?.[0] ?? '',
    /** Megabytes. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    handles: () => handlesOf(pid),
    /** Reads the process's own statistics since the last call. */
    watched: async () => {
      const [reply] = await Promise.all([once(child, 'message'), child.send('watched')]);
      return reply[0] as LoopStats;
    },
    /** Reads the number of requests accepted since the last call, from the last line of the log. */
    acceptedAtEnd: () => Number(/accepted (\d+)/.exec(tail)?.[1]),
    complaints: () => errors,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended,
  };
}

export type Server = Awaited<ReturnType<typeof startServer>>;
