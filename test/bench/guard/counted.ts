/** Runs `work.ts` under valgrind's callgrind, which counts the instructions of all threads. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuardJob } from './work.ts';

/** The function of libuv that `os.getPriority` calls, see `mark.ts`. */
const MARK = 'uv_os_getpriority';
const VALGRIND = ['-q', '--vgdb=no', '--tool=callgrind', `--dump-after=${MARK}`];

/**
 * Without concurrent work of V8, which would be counted with whatever runs at that moment, and without its optimizer, which is driven
 * by time: the counts of plain code in one process differ by 0.1 % instead of 30.
 */
const V8 =
  '--single-threaded --random-seed=1 --no-rehash-snapshot --no-flush-bytecode --no-opt --no-maglev --expose-gc';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export interface CountedProgram {
  /** Does the job. @returns its number of instructions */
  readonly count: (ask: GuardJob) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/**
 * @param imports modules that the program loads first
 * @throws Error if the program ends by itself
 */
export async function startCounted(...imports: string[]): Promise<CountedProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-guard-'));
  const file = join(folder, 'counts');
  const first = [pathOf('mark.ts'), ...imports].flatMap((path) => ['--import', path]);
  const node = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    ...V8.split(' '),
    ...first,
    pathOf('work.ts'),
  ];
  const child = spawn('valgrind', [...VALGRIND, `--callgrind-out-file=${file}`, ...node], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', VIPS_CONCURRENCY: '1', UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const ended = once(child, 'exit');
  let replies = 0;
  const nextCount = async () => {
    const failed = ended.then(([code, signal]) => {
      throw new Error(`the counted program ended with ${signal ?? code}`);
    });
    await Promise.race([once(child, 'message'), failed]);
    const counts = `${file}.${++replies}`;
    const total = /^totals: (\d+)/m.exec(readFileSync(counts, 'utf8'))?.[1];
    rmSync(counts);
    return Number(total);
  };
  const send = (message: GuardJob) => {
    child.send(message);
    return nextCount();
  };
  await nextCount();
  return {
    count: async (message) => {
      // Each count begins with the same heap.
      await send({ does: 'collect' });
      return send(message);
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
