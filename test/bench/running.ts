/** A contestant that runs: a process of its own, counted by a meter, asked over loopback or by messages. */
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

/** Where a job is asked for, and with which headers. */
export type Target = (job: Job) => { readonly path: string; readonly headers?: Headers };

export interface Program {
  readonly name: string;
  /** Of Node, in the folder `cwd`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** sharp's libvips tells this process where it is; another libvips would look for its modules there. */
const { VIPSHOME: _, ...inherited } = process.env;

function start({ name, args, env = {}, cwd }: Program, ipc: boolean): { child: ChildProcess; meter: Meter } {
  const meter = createMeter(name.replace(/\W+/g, '-'));
  const [program, given] = meter.command(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
  const child = spawn(program, given, {
    cwd,
    env: { ...inherited, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  });
  meter.root = child.pid ?? 0;
  return { child, meter };
}

async function kill(child: ChildProcess, meter: Meter): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await gone;
  // Its children end with it, if not at once.
  for (let left = 100; left && meter.pids().length; left--) await new Promise((resolve) => setTimeout(resolve, 20));
  meter.close();
}

/** The address that the program prints. @throws with what it said, when it ends or says none for half a minute */
async function urlOf(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.length < 50 && said.push(String(chunk)));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`did not start: ${said.join('').trim().slice(-300)}`));
    const timer = setTimeout(fail, 30_000);
    child.once('exit', fail);
    // What it prints later is read and dropped, or it would wait for a reader.
    lines.on('line', (line) => {
      if (said.length < 50) said.push(line);
      const [url] = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(line) ?? [];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

/** @throws when it does not start */
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
        const { statusCode: status = 0, headers: got } = response;
        response.once('end', () => resolve({ status, headers: got, body: Buffer.concat(chunks) }));
      });
      sent.once('error', (error) =>
        // The server has just closed a connection that was idle for seconds: nothing was done yet.
        sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET' ? resolve(ask(job, more)) : reject(error),
      );
    });
  const close = () => {
    agent.destroy();
    return stop();
  };
  return { meter, ask, stop: close };
}

/** The Lambda handler, asked by messages. `cpuOf` is the CPU of the whole path for a job, or of the core alone. */
export async function startLambda(program: Program, key: string) {
  const { child, meter } = start(program, true);
  child.stdout?.resume();
  const waiting = new Map<number, (told: LambdaResult) => void>();
  await once(child, 'message');
  child.on('message', (told: LambdaResult) => waiting.get(told.id)?.(told));
  let last = 0;
  const send = (job: Job, core: boolean) =>
    new Promise<LambdaResult>((resolve) => {
      const id = ++last;
      waiting.set(id, (told) => {
        waiting.delete(id);
        resolve(told);
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
