/** What a process and all that it starts use: CPU time and memory. Linux only. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** One a contestant. What is started by `command` is counted, with its children, finished ones included. */
export interface Meter {
  /** The command that starts another one inside of the meter. */
  readonly command: (program: string, args: readonly string[]) => [string, string[]];
  /** To be told, once it runs. */
  root: number;
  /** Milliseconds of user and system time until now. */
  readonly cpu: () => number;
  readonly pids: () => number[];
  readonly close: () => void;
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A process that has just ended.
    return undefined;
  }
};
const numbers = (text = '') => text.split(/\s+/).filter(Boolean).map(Number);

/** Folders in which a cgroup of version 2 may be made. */
function parents(): string[] {
  const own = /^0::(.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const roots = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].map((root) => join(root, own));
  return roots.filter((folder) => read(join(folder, 'cgroup.procs')) !== undefined);
}

/** A cgroup counts in microseconds and forgets no child. Undefined where this user may make none. */
function cgroupMeter(name: string): Meter | undefined {
  for (const parent of parents()) {
    const folder = join(parent, `pixgate-bench-${process.pid}-${name}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const enter = `echo $$ > '${folder}/cgroup.procs' &&`;
    // Whether a process may move there is known only by trying.
    if (spawnSync('sh', ['-c', `${enter} grep -q usage_usec '${folder}/cpu.stat'`]).status !== 0) {
      rmdirSync(folder);
      continue;
    }
    return {
      root: 0,
      command: (program, args) => ['sh', ['-c', `${enter} exec "$@"`, 'sh', program, ...args]],
      cpu: () => Number(/usage_usec (\d+)/.exec(read(join(folder, 'cpu.stat')) ?? '')?.[1] ?? Number.NaN) / 1000,
      pids: () => numbers(read(join(folder, 'cgroup.procs'))),
      close: () => rmdirSync(folder),
    };
  }
  return undefined;
}

/** The fields of /proc/PID/stat behind the name, which may have spaces. */
const stat = (pid: number) => (read(`/proc/${pid}/stat`) ?? '').replace(/^.*\) /s, '').split(' ');

function processTree(root: number): number[] {
  const parentOf = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    parentOf.set(Number(name), Number(stat(Number(name))[1]));
  const found = [root];
  for (const pid of found) for (const [child, parent] of parentOf) if (parent === pid) found.push(child);
  return found;
}

/** A kernel tells these times in hundredths of a second: ten rounds of a small picture then say little. */
function procMeter(): Meter {
  const meter: Meter = {
    root: 0,
    command: (program, args) => [program, [...args]],
    // user, system, and both of the children that have ended
    cpu: () =>
      meter
        .pids()
        .reduce((sum, pid) => sum + 10 * numbers(stat(pid).slice(11, 15).join(' ')).reduce((a, b) => a + b, 0), 0),
    pids: () => processTree(meter.root),
    close: () => {},
  };
  return meter;
}

export const createMeter = (name: string): Meter => cgroupMeter(name) ?? procMeter();

/** How this machine lets us count, for the report. */
export function meterKind(): string {
  const meter = cgroupMeter('trial');
  meter?.close();
  return meter ? 'cgroup, in microseconds' : '/proc, in hundredths of a second (no cgroup may be made here)';
}

const field = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) * 1024;

/** Bytes of memory that the processes have now, and the most that the first of them has had. */
export const residentNow = (meter: Meter): number => meter.pids().reduce((sum, pid) => sum + field(pid, 'VmRSS'), 0);
export const residentPeak = (meter: Meter): number => field(meter.root, 'VmHWM');
