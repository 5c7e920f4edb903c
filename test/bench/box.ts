/** A sandbox for one function, with Lambda's limits: its memory without swap, and its share of a vCPU. Linux only. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { missing } from '../runtime/installed-tools.ts';

export interface Sandbox {
  /** Describes the mechanism in a few words. */
  readonly how: string;
  /** Wraps a command so that it runs in the sandbox. */
  readonly command: (program: string, args: readonly string[]) => [string, string[]];
  /** Peak memory in bytes; undefined if it is not counted. */
  readonly peak: () => number | undefined;
  readonly close: () => void;
}

/** Period of the CPU quota in microseconds. Lambda's own, as its throttling shows from inside. */
const PERIOD = 20_000;

interface CgroupVersion {
  /** Mount point, and the line of /proc/self/cgroup that names the process's own cgroup. */
  readonly root: string;
  readonly own: RegExp;
  /** Maps files to the values to write. The first file must exist, the others may be missing. */
  readonly limits: (bytes: number, quota: number) => readonly (readonly [file: string, value: string])[];
  readonly peak: string;
}

const V2: CgroupVersion = {
  root: '/sys/fs/cgroup',
  own: /^0::(.*)$/m,
  limits: (bytes, quota) => [
    ['memory.max', `${bytes}`],
    ['memory.swap.max', '0'],
    ['cpu.max', `${quota} ${PERIOD}`],
  ],
  peak: 'memory.peak',
};
const V1_MEMORY: CgroupVersion = {
  root: '/sys/fs/cgroup/memory',
  own: /^\d+:memory:(.*)$/m,
  limits: (bytes) => [
    ['memory.limit_in_bytes', `${bytes}`],
    ['memory.memsw.limit_in_bytes', `${bytes}`],
    ['memory.swappiness', '0'],
  ],
  peak: 'memory.max_usage_in_bytes',
};
const V1_CPU: CgroupVersion = {
  root: '/sys/fs/cgroup/cpu',
  own: /^\d+:(?:cpu|cpu,cpuacct):(.*)$/m,
  limits: (_bytes, quota) => [
    ['cpu.cfs_period_us', `${PERIOD}`],
    ['cpu.cfs_quota_us', `${quota}`],
  ],
  peak: '',
};

function tryWrite(file: string, value: string): boolean {
  try {
    writeFileSync(file, value, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

/** Creates a cgroup with these limits, beside or above our own. @returns its folder; undefined if this user may not create one */
function createGroup(
  { root, own, limits }: CgroupVersion,
  name: string,
  bytes: number,
  quota: number,
): string | undefined {
  const path = own.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  if (path === undefined) return undefined;
  for (const parent of new Set([path, dirname(path), '/'])) {
    const folder = join(root, parent, name);
    // At the mount point of version 1, the parent is an ordinary folder.
    if (!existsSync(join(root, parent, 'cgroup.procs'))) continue;
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const written = limits(bytes, quota).map(([file, value]) => tryWrite(join(folder, file), value));
    // Only a trial shows whether a process may move there.
    const canEnter = () => spawnSync('sh', ['-c', `echo $$ > '${folder}/cgroup.procs'`]).status === 0;
    if (written[0] && canEnter()) return folder;
    rmdirSync(folder);
  }
  return undefined;
}

function cgroupSandbox(bytes: number, share: number): Sandbox | undefined {
  const name = `pixgate-sandbox-${process.pid}`;
  const quota = Math.round(PERIOD * Math.min(share, availableParallelism()));
  const v2 = createGroup(V2, name, bytes, quota);
  const memory = v2 ?? createGroup(V1_MEMORY, name, bytes, quota);
  if (!memory) return undefined;
  const cpu = v2 ?? createGroup(V1_CPU, name, bytes, quota);
  const folders = cpu && cpu !== memory ? [memory, cpu] : [memory];
  const enter = folders.map((folder) => `echo $$ > '${folder}/cgroup.procs' && `).join('');
  const limited = v2 ? readFileSync(join(v2, 'cgroup.controllers'), 'utf8').includes('cpu') : cpu;
  return {
    how: `a cgroup of version ${v2 ? 2 : 1}${limited ? '' : ', without a CPU limit: times are those of a whole vCPU'}`,
    command: (program, args) => ['sh', ['-c', `${enter}exec "$@"`, 'sh', program, ...args]],
    peak: () => Number(readFileSync(join(memory, v2 ? V2.peak : V1_MEMORY.peak), 'utf8')),
    close: () => folders.forEach((folder) => void rmdirSync(folder)),
  };
}

/** Limits `--data`, not `--as`: V8 reserves many gigabytes of address space that it never uses. */
function prlimitSandbox(bytes: number): Sandbox | undefined {
  if (missing(['prlimit']).length) return undefined;
  // A thread's whole stack counts, however little of it is used: 1 MB each, for about two dozen threads.
  const limits = [`--data=${bytes}`, `--stack=${2 ** 20}`];
  return {
    how: 'prlimit --data (counts reserved memory, so these are upper bounds; no CPU limit)',
    command: (program, args) => ['prlimit', [...limits, program, ...args]],
    peak: () => undefined,
    close: () => {},
  };
}

/**
 * @param bytes of memory
 * @param share of a vCPU, 1 for a whole one
 * @returns undefined if neither a cgroup nor prlimit is available
 */
export const createSandbox = (bytes: number, share: number): Sandbox | undefined =>
  cgroupSandbox(bytes, share) ?? prlimitSandbox(bytes);
