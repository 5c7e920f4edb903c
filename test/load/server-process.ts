/** The local server in a process of its own, and what the system tells of that process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { START } from '../npm-start.ts';
import type { LoopStats } from './watch.ts';

/** Fewer than there are clients, so that some must be refused. */
export const MAX_REQUESTS = 32;

/**
 * Times short, so that the silent sources of the load come round often; memories small, so that they are full, and things
 * leave them, before the half of a short run in which memory must not grow.
 */
const SETTINGS = {
  PORT: '0',
  SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
  SOURCE_IDLE_TIMEOUT: '1000',
  SOURCE_TIMEOUT: '2000',
  SVG_TIMEOUT: '1000',
  RESULT_MEMORY: `${16 << 20}`,
  SOURCE_MEMORY: `${16 << 20}`,
  MAX_REQUESTS: `${MAX_REQUESTS}`,
  // Longer than the run: a picture that the origin is asked about would be no hit.
  MEMORY_MAX_AGE: '3600',
};

const LISTENING = '0A';

/** Inodes and states of the machine's TCP sockets, as this process sees them. */
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
    // Closed meanwhile.
    return '';
  }
};

function handlesOf(pid: number) {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  const own = tcpTable(pid).filter(({ inode }) => links.includes(`socket:[${inode}]`));
  const listeners = own.filter(({ state }) => state === LISTENING).length;
  return { files: links.filter(Boolean).length, listeners, connections: own.length - listeners };
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
  let complaints = '';
  // The log is thousands of lines: of it only the greeting and the last words are read.
  stdout?.on('data', (data) => (tail = (tail + data).slice(-4096)));
  stderr?.on('data', (data) => (complaints += data));
  for (let i = 0; !tail.includes('Press Ctrl-C to stop.'); i++) {
    if (child.exitCode !== null || i > 400) throw new Error(`The server did not start: ${tail}${complaints}`);
    await setTimeout(50);
  }
  return {
    origin: /Listening on (\S+)\. Press/.exec(tail)?.[1] ?? '',
    /** Megabytes. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    handles: () => handlesOf(pid),
    /** What it has seen of itself since it was asked last. */
    watched: async () => {
      const [answer] = await Promise.all([once(child, 'message'), child.send('watched')]);
      return answer[0] as LoopStats;
    },
    /** Requests accepted since it was asked last, by its last word. */
    acceptedAtEnd: () => Number(/accepted (\d+)/.exec(tail)?.[1]),
    complaints: () => complaints,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended,
  };
}

export type Server = Awaited<ReturnType<typeof startServer>>;
