/** Meters the CPU time and memory of a process and its children. Linux only. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** The meter of one contestant. It counts the process started by `command` and its children, including those that have ended. */
export interface Meter {
  /** Wraps a command so that it is metered. */
  readonly command: (program: string, args: readonly string[]) => [string, string[]];
  /** Process id of the root, set by the caller once it runs. */
  root: number;
  /** Milliseconds of user and system time until now. */
  readonly cpu: () => number;
  readonly pids: () => number[];
  /** Returns whether it is closed: not while the system counts a process that has just ended. */
  readonly close: () => boolean;
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has just ended.
    return undefined;
  }
};
const numbers = (text = '') => text.split(/\s+/).filter(Boolean).map(Number);

/** Finds folders in which a cgroup of version 2 may be created. */
function parents(): string[] {
  const own = /^0::(.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const roots = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].map((root) => join(root, own));
  return roots.filter((folder) => read(join(folder, 'cgroup.procs')) !== undefined);
}

/** Meters by a cgroup: in microseconds, with all children. Undefined if this user may not create one. */
function cgroupMeter(name: string): Meter | undefined {
  for (const parent of parents()) {
    const folder = join(parent, `pixgate-bench-${process.pid}-${name}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const enter = `echo $$ > '${folder}/cgroup.procs' &&`;
    // Only a trial shows whether a process may move there.
    if (spawnSync('sh', ['-c', `${enter} grep -q usage_usec '${folder}/cpu.stat'`]).status !== 0) {
      rmdirSync(folder);
      continue;
    }
    return {
      root: 0,
      command: (program, args) => ['sh', ['-c', `${enter} exec "$@"`, 'sh', program, ...args]],
      cpu: () => Number(/usage_usec (\d+)/.exec(read(join(folder, 'cpu.stat')) ?? '')?.[1] ?? Number.NaN) / 1000,
      pids: () => numbers(read(join(folder, 'cgroup.procs'))),
      close: () => {
        try {
          rmdirSync(folder);
          return true;
        } catch {
          return false;
        }
      },
    };
  }
  return undefined;
}

/** Reads the fields of /proc/PID/stat after the name, which may contain spaces. */
const stat = (pid: number) => (read(`/proc/${pid}/stat`) ?? '').replace(/^.*\) /s, '').split(' ');

function processTree(root: number): number[] {
  const parentOf = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    parentOf.set(Number(name), Number(stat(Number(name))[1]));
  const pids = [root];
  for (const pid of pids) for (const [child, parent] of parentOf) if (parent === pid) pids.push(child);
  return pids;
}

/** Meters by /proc, in hundredths of a second: too coarse for ten rounds of a small image. */
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
    close: () => true,
  };
  return meter;
}

export const createMeter = (name: string): Meter => cgroupMeter(name) ?? procMeter();

/** Describes the available meter, for the report. */
export function meterKind(): string {
  const meter = cgroupMeter('trial');
  meter?.close();
  return meter ? 'cgroup, in microseconds' : '/proc, in hundredths of a second (no cgroup can be created here)';
}

const field = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) * 1024;

/** Reads the resident memory of all processes now, and the peak of the root, in bytes. */
export const residentNow = (meter: Meter): number => meter.pids().reduce((sum, pid) => sum + field(pid, 'VmRSS'), 0);
export const residentPeak = (meter: Meter): number => field(meter.root, 'VmHWM');
