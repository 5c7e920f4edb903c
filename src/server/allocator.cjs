/*
 * Sets glibc's malloc, the young generation of V8, and the threads of libuv, before a server starts. malloc reads its environment
 * before Node runs, and npm cannot set it on every system, so the process replaces itself once.
 *
 * - One arena: an arena never shrinks below its peak, and each thread has one by default. Some hundred mixed images took 740 to
 *   860 MB with the default, and 460 to 480 with one arena.
 * - Blocks of 64 kB and more are returned to the system when they are freed. By default malloc raises that limit to 32 MB, as it
 *   learns of large blocks, and the heap is fragmented: 178 MB of it after 8000 valid and invalid images with a limit of 128 kB,
 *   85 MB with this one, at the same CPU. With 32 kB an image takes 6 % more.
 * - Each vCPU may have one image of long work and one of short work at a time, see concurrency/limits.ts: with the four threads of
 *   libuv, two vCPUs would leave none to read headers and to unpack.
 * - The young generation is at most three times 8 MB, instead of 64 and more: sources and outputs are outside of V8's heap, and those
 *   without references are freed when it is full. Measured: 283 MB at the peak of 800 mixed misses instead of 404, at the same CPU;
 *   2.4 ms instead of 5.6 for the 99th percentile of 15,000 hits. `npm start` has the argument too, for systems where the process
 *   is not replaced.
 *
 * Elsewhere than in glibc the variables of malloc have no effect.
 */
const { availableParallelism } = require('node:os');

const { env, execArgv, execPath, argv, platform } = process;
// Not with a channel to a parent process, which would be closed; and not before Node 22.15, which cannot do it.
const canReplace = platform === 'linux' && process.execve !== undefined && process.channel === undefined;
// An argument would replace that of NODE_OPTIONS. V8 takes dashes and underscores.
const hasOwnSize = /--max[-_]semi[-_]space[-_]size/.test([...execArgv, env.NODE_OPTIONS].join(' '));
const youngGeneration = hasOwnSize ? [] : ['--max-semi-space-size=8'];
if (canReplace && env.MALLOC_ARENA_MAX === undefined)
  process.execve(execPath, [execPath, ...youngGeneration, ...execArgv, ...argv.slice(1)], {
    UV_THREADPOOL_SIZE: String(2 * availableParallelism() + 4),
    ...env,
    MALLOC_ARENA_MAX: '1',
    MALLOC_MMAP_THRESHOLD_: '65536',
  });
