/** Runs one execution environment of Lambda: AWS's runtime client in a process of its own, with the built package and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import type { HttpEvent } from '../../src/http/event.ts';
import { type Reply, toReply } from '../requests.ts';
import { checkForSecrets } from '../secrets.ts';
import { waitFor } from '../waited.ts';
import { type InvocationResult, startRuntimeApi } from './runtime-api.ts';

export interface Setup {
  /** Paths of the client's program and of the function's folder. */
  readonly ric: string;
  readonly taskRoot: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds for one event. */
  readonly timeout?: number;
  /** MB. */
  readonly memory?: number;
  /** How many workers the client starts; 1 by default. */
  readonly workers?: number;
  /** Wraps the command, for example to run it in a sandbox. */
  readonly command?: (program: string, args: readonly string[]) => [string, string[]];
}

/** Builds the environment variables of the platform, without those of the shell that runs the tests. */
const platformEnv = ({ ric, taskRoot, handler, memory }: Setup & { memory: number }, address: string) => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  AWS_LAMBDA_RUNTIME_API: address,
  _HANDLER: handler,
  LAMBDA_TASK_ROOT: taskRoot,
  LAMBDA_RUNTIME_DIR: dirname(ric),
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_REGION: 'us-east-1',
  AWS_LAMBDA_FUNCTION_NAME: 'pixgate',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/pixgate',
  AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
});

/** Starts a function, and waits until each of its workers requests its first event, or until it reports an init error. */
export async function startEnvironment(setup: Setup) {
  const {
    ric,
    taskRoot,
    env,
    timeout = 28_000,
    memory = 1769,
    workers = 1,
    command = (program, args) => [program, [...args]],
  } = setup;
  const api = await startRuntimeApi({ timeout, workers, onTimeout: () => child.kill('SIGKILL') });
  // As in Lambda's bootstrap.
  const heap = [`--max-old-space-size=${Math.floor(memory * 0.9)}`, `--max-semi-space-size=${Math.floor(memory / 20)}`];
  const [program, programArgs] = command(process.execPath, [...heap, ric]);
  const child = spawn(program, programArgs, {
    cwd: taskRoot,
    env: { ...platformEnv({ ...setup, memory }, api.address), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      checkForSecrets(text);
    });
  const exited = once(child, 'close').then(([code]) => {
    api.abandon('Runtime.ExitError');
    return { errorType: 'Runtime.ExitError', errorMessage: `exit status ${code}` };
  });
  const initError = (await Promise.race([api.initialised, exited])) as InitError | undefined;

  return {
    initError,
    pid: child.pid ?? 0,
    /** The function's output. */
    log: () => log,
    /** Parses the log as lines of JSON, once there are at least so many: the last lines can come after the responses. */
    async lines(minLines: number): Promise<Record<string, unknown>[]> {
      const lines = () => log.trim().split('\n');
      await waitFor(() => lines().length >= minLines, 5000);
      return lines().map((line) => JSON.parse(line));
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    invoke: api.invoke,
    /** Returns the response as a client of the event source gets it. @throws Error if it would be the platform's own 502 */
    ask: async (event: HttpEvent): Promise<Reply> => toClient(await api.invoke(event)),
    async close() {
      child.kill('SIGKILL');
      await exited;
      await api.close();
    },
  };
}

export type Environment = Awaited<ReturnType<typeof startEnvironment>>;

interface InitError {
  readonly errorType: string;
  readonly errorMessage: string;
}

const SEPARATOR = Buffer.alloc(8);

/** Does the event source's part: takes a buffered response out of its JSON, and a streamed one from behind its prelude. */
export function toClient({ isStreamed, bytes, errorType }: InvocationResult): Reply {
  if (errorType) throw new Error(`${errorType}: ${bytes.subarray(0, 300)}`);
  if (!isStreamed) return toReply(JSON.parse(bytes.toString()));
  const at = bytes.indexOf(SEPARATOR);
  const { statusCode, headers } = JSON.parse(bytes.subarray(0, at).toString());
  const { status, headers: lower } = toReply({ statusCode, headers, body: '', isBase64Encoded: false });
  return { status, headers: lower, body: bytes.subarray(at + SEPARATOR.length) };
}
