/** A box for one function: so much memory, no swap, and so much of a vCPU, as Lambda would give it. Linux only. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { missing } from '../runtime/installed-tools.ts';

export interface Box {
  /** What holds the limits, in a few words. */
  readonly how: string;
  /** The command that starts another one inside of the box. */
  readonly command: (program: string, args: readonly string[]) => [string, string[]];
  /** The most bytes that have been in the box; undefined where nobody counts them. */
  readonly peak: () => number | undefined;
  readonly close: () => void;
}

/** Microseconds in which a box may use its share once. Lambda's own, as its throttling shows from inside. */
const PERIOD = 20_000;

interface Kind {
  /** Where cgroups of this kind are mounted, and how a process's own one is named in /proc/self/cgroup. */
  readonly root: string;
  readonly own: RegExp;
  /** File → what is written to it. The first of them must be there, the others may be missing. */
  readonly limits: (bytes: number, quota: number) => readonly (readonly [file: string, value: string])[];
  readonly peak: string;
}

const V2: Kind = {
  root: '/sys/fs/cgroup',
  own: /^0::(.*)$/m,
  limits: (bytes, quota) => [
    ['memory.max', `${bytes}`],
    ['memory.swap.max', '0'],
    ['cpu.max', `${quota} ${PERIOD}`],
  ],
  peak: 'memory.peak',
};
const V1_MEMORY: Kind = {
  root: '/sys/fs/cgroup/memory',
  own: /^\d+:memory:(.*)$/m,
  limits: (bytes) => [
    ['memory.limit_in_bytes', `${bytes}`],
    ['memory.memsw.limit_in_bytes', `${bytes}`],
    ['memory.swappiness', '0'],
  ],
  peak: 'memory.max_usage_in_bytes',
};
const V1_CPU: Kind = {
  root: '/sys/fs/cgroup/cpu',
  own: /^\d+:(?:cpu|cpu,cpuacct):(.*)$/m,
  limits: (_bytes, quota) => [
    ['cpu.cfs_period_us', `${PERIOD}`],
    ['cpu.cfs_quota_us', `${quota}`],
  ],
  peak: '',
};

function isWritten(file: string, value: string): boolean {
  try {
    writeFileSync(file, value, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

/** The folder of a new cgroup with these limits, beside or above our own; undefined where this user may make none. */
function createGroup({ root, own, limits }: Kind, name: string, bytes: number, quota: number): string | undefined {
  const path = own.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  if (path === undefined) return undefined;
  for (const parent of new Set([path, dirname(path), '/'])) {
    const folder = join(root, parent, name);
    // Where groups of version 1 are mounted, the folder above them is one like any other.
    if (!existsSync(join(root, parent, 'cgroup.procs'))) continue;
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const written = limits(bytes, quota).map(([file, value]) => isWritten(join(folder, file), value));
    // Whether a process may move there is known only by trying.
    const enters = () => spawnSync('sh', ['-c', `echo $$ > '${folder}/cgroup.procs'`]).status === 0;
    if (written[0] && enters()) return folder;
    rmdirSync(folder);
  }
  return undefined;
}

function cgroupBox(bytes: number, share: number): Box | undefined {
  const name = `pixgate-box-${process.pid}`;
  const quota = Math.round(PERIOD * Math.min(share, availableParallelism()));
  const v2 = createGroup(V2, name, bytes, quota);
  const memory = v2 ?? createGroup(V1_MEMORY, name, bytes, quota);
  if (!memory) return undefined;
  const cpu = v2 ?? createGroup(V1_CPU, name, bytes, quota);
  const folders = cpu && cpu !== memory ? [memory, cpu] : [memory];
  const enter = folders.map((folder) => `echo $$ > '${folder}/cgroup.procs' && `).join('');
  const limited = v2 ? readFileSync(join(v2, 'cgroup.controllers'), 'utf8').includes('cpu') : cpu;
  return {
    how: `a cgroup of version ${v2 ? 2 : 1}${limited ? '' : ', without its limit of CPU: times are those of a whole vCPU'}`,
    command: (program, args) => ['sh', ['-c', `${enter}exec "$@"`, 'sh', program, ...args]],
    peak: () => Number(readFileSync(join(memory, v2 ? V2.peak : V1_MEMORY.peak), 'utf8')),
    close: () => folders.forEach((folder) => void rmdirSync(folder)),
  };
}

/** Not `--as`: V8 reserves many gigabytes of addresses that it never fills. */
function prlimitBox(bytes: number): Box | undefined {
  if (missing(['prlimit']).length) return undefined;
  // A thread's whole stack counts, however little of it is used: stacks of 1 MB, as there are two dozen.
  const limits = [`--data=${bytes}`, `--stack=${2 ** 20}`];
  return {
    how: 'prlimit --data (asked for, not used: upper bounds; all of a CPU)',
    command: (program, args) => ['prlimit', [...limits, program, ...args]],
    peak: () => undefined,
    close: () => {},
  };
}

/**
 * @param bytes of memory
 * @param share of a vCPU, 1 for a whole one
 * @returns undefined where neither a cgroup nor prlimit can be had
 */
export const createBox = (bytes: number, share: number): Box | undefined =>
  cgroupBox(bytes, share) ?? prlimitBox(bytes);
