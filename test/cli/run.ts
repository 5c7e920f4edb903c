/** Runs the command `pixgate` as a child process, as it is installed. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

export interface Result {
  readonly code: number;
  /** Standard output, as bytes and as trimmed text. */
  readonly bytes: Buffer;
  readonly out: string;
  /** Standard error, trimmed. */
  readonly err: string;
}

/** Returns a function that runs the command in a folder. Standard input is empty by default. */
export const runIn =
  (cwd: string) =>
  (args: readonly string[], input: string | Buffer = ''): Promise<Result> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [BIN, ...args], { cwd, encoding: 'buffer' }, (error, bytes, err) =>
        resolve({ code: Number(error?.code ?? 0), bytes, out: String(bytes).trim(), err: String(err).trim() }),
      );
      child.stdin?.end(input);
    });
