/** Runs a contestant: a process of its own with a meter, which takes requests over loopback or by messages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import type { Job } from './classes.ts';
import { createMeter, type Meter } from './meter.ts';
import type { LambdaJob, LambdaResult } from './peers/lambda-path.ts';

type Headers = Readonly<Record<string, string>>;

export interface Response {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Running {
  readonly meter: Meter;
  readonly ask: (job: Job, headers?: Headers) => Promise<Response>;
  readonly stop: () => Promise<void>;
}

/** Maps a job to the path and headers of its request. */
export type Target = (job: Job) => { readonly path: string; readonly headers?: Headers };

export interface Program {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Without VIPSHOME, which sharp's libvips sets in this process: another libvips would look for its modules there. */
const { VIPSHOME: _, ...inherited } = process.env;

function start({ name, args, env = {}, cwd }: Program, ipc: boolean): { child: ChildProcess; meter: Meter } {
  const meter = createMeter(name.replace(/\W+/g, '-'));
  const [program, programArgs] = meter.command(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
  const child = spawn(program, programArgs, {
    cwd,
    env: { ...inherited, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  });
  meter.root = child.pid ?? 0;
  return { child, meter };
}

async function kill(child: ChildProcess, meter: Meter): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await exited;
  // Its children end soon after it, and the system counts them for a moment longer.
  for (let tries = 100; tries && !(meter.pids().length === 0 && meter.close()); tries--)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Waits for the URL that the program prints. @throws Error with its output, if it ends or prints none for half a minute */
async function urlOf(child: ChildProcess): Promise<string> {
  const output: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => output.length < 50 && output.push(String(chunk)));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`did not start: ${output.join('').trim().slice(-300)}`));
    const timer = setTimeout(fail, 30_000);
    child.once('exit', fail);
    // Later output is read and dropped, or the program would block on a full pipe.
    lines.on('line', (line) => {
      if (output.length < 50) output.push(line);
      const [url] = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(line) ?? [];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

/** Starts a server. @throws Error if it does not start */
export async function startServer(program: Program, target: Target): Promise<Running> {
  const { child, meter } = start(program, false);
  const stop = () => kill(child, meter);
  const url = await urlOf(child).catch(async (error) => {
    await stop();
    throw error;
  });
  const agent = new http.Agent({ keepAlive: true });
  const ask: Running['ask'] = (job, more = {}) =>
    new Promise<Response>((resolve, reject) => {
      const { path, headers } = target(job);
      const sent = http.get(url + path, { agent, headers: { ...headers, ...more } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
        const { statusCode: status = 0, headers: responseHeaders } = response;
        response.once('end', () => resolve({ status, headers: responseHeaders, body: Buffer.concat(chunks) }));
      });
      sent.once('error', (error) =>
        // The server has just closed a connection that was idle for seconds: the request was not processed.
        sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET' ? resolve(ask(job, more)) : reject(error),
      );
    });
  const close = () => {
    agent.destroy();
    return stop();
  };
  return { meter, ask, stop: close };
}

/** Starts the Lambda handler, which takes requests by messages. `cpuOf` measures the CPU of the whole path for a job, or of the core alone. */
export async function startLambda(program: Program, key: string) {
  const { child, meter } = start(program, true);
  child.stdout?.resume();
  const waiting = new Map<number, (result: LambdaResult) => void>();
  await once(child, 'message');
  child.on('message', (result: LambdaResult) => waiting.get(result.id)?.(result));
  let last = 0;
  const send = (job: Job, core: boolean) =>
    new Promise<LambdaResult>((resolve) => {
      const id = ++last;
      waiting.set(id, (result) => {
        waiting.delete(id);
        resolve(result);
      });
      child.send({ ...job, core, id, key } satisfies LambdaJob);
    });
  const ask = async (job: Job): Promise<Response> => {
    const { status, type, body } = await send(job, false);
    return { status, headers: { 'content-type': type }, body: Buffer.from(body, 'base64') };
  };
  const cpuOf = async (job: Job, core: boolean) => (await send(job, core)).cpu;
  return { meter, ask, cpuOf, stop: () => kill(child, meter) };
}
