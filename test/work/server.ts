/** Runs `npm start` in a process group of its own, and reads the group's CPU time and memory from /proc. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const isSupported = process.platform === 'linux';

export const KEY = 'work-key';
/** The key of another client. */
export const OTHER_KEY = 'other-key';
/** The kernel's clock ticks per second, in which /proc counts CPU time (USER_HZ: 100 on every architecture of Node). */
const TICKS_PER_SECOND = 100;
const START_MS = 60_000;

/** Reads a file of /proc; undefined once the process has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Reads the fields of a `stat` file from the third one on: the name before them may contain spaces. */
const statOf = (path: string): string[] =>
  (read(path) ?? '')
    .replace(/^.*\) /s, '')
    .trim()
    .split(' ');

const seconds = (ticks: readonly string[]) => ticks.reduce((sum, value) => sum + Number(value), 0) / TICKS_PER_SECOND;

/** Finds the processes of a group. */
const membersOf = (group: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(statOf(`/proc/${name}/stat`)[2]) === group)
    .map(Number);

const megabytes = (pid: number, field: 'VmHWM' | 'VmRSS'): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) / 1024;

/** Waits for the URL that the server prints. @throws Error with its output, if it ends or prints none */
function urlOf(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`The server did not start: ${output.slice(-500)}`));
    const timer = setTimeout(fail, START_MS);
    const look = (chunk: Buffer) => {
      if (output.length < 20_000) output += chunk;
      const [, url] = /Listening on (http:\S+?)\. /.exec(output) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.once('exit', fail);
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
  });
}

/** The server as a user starts it, with the default settings: it may fetch from this machine. */
export async function startServer(env: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('npm', ['start'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    detached: true,
    env: {
      PATH,
      HOME,
      PORT: '0',
      API_KEYS: `work:${KEY},other:${OTHER_KEY}`,
      SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid ?? 0;
  const kill = () => {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // The group has ended.
    }
  };
  // The group would outlive this process, for example after Ctrl-C.
  process.once('exit', kill);
  const stop = async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    kill();
    process.off('exit', kill);
    await ended;
  };
  let url: string;
  try {
    url = await urlOf(child);
  } catch (error) {
    await stop();
    throw error;
  }
  const members = () => membersOf(group);
  // The path may be absolute. In the command of npm's shell, a space comes before it.
  const isMain = (pid: number) => /[\0/]src\/dev\/server\.ts\0/.test(read(`/proc/${pid}/cmdline`) ?? '');
  const main = members().find(isMain) ?? 0;
  return {
    url,
    /** Returns CPU seconds of all processes of the group, those that have ended included. */
    cpu: () => members().reduce((sum, pid) => sum + seconds(statOf(`/proc/${pid}/stat`).slice(11, 15)), 0),
    /** Returns CPU seconds of the main thread: what it spends, all requests wait for. */
    mainThread: () => seconds(statOf(`/proc/${main}/task/${main}/stat`).slice(11, 13)),
    /** Returns the highest resident memory so far, in MB, of the largest process that runs now. */
    peak: () => Math.max(0, ...members().map((pid) => megabytes(pid, 'VmHWM'))),
    /** Returns the resident memory of the server's own process in MB. */
    memory: () => megabytes(main, 'VmRSS'),
    isRunning: () => read(`/proc/${main}/stat`) !== undefined,
    stop,
  };
}

export type Server = Awaited<ReturnType<typeof startServer>>;
