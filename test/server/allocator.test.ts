/** The settings of a server's process, which replaces itself once to get them. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const FILE = fileURLToPath(new URL('../../src/server/allocator.cjs', import.meta.url));

/** Returns the arguments of Node in a process that loads the file first. */
function argumentsOf(nodeOptions: string, args: readonly string[] = []): string[] {
  const { MALLOC_ARENA_MAX: _, ...env } = process.env;
  const command = [...args, '--require', FILE, '--print', 'JSON.stringify(process.execArgv)'];
  const output = execFileSync(process.execPath, command, { env: { ...env, NODE_OPTIONS: nodeOptions } });
  return (JSON.parse(output.toString()) as string[]).filter((argument) => /semi/.test(argument));
}

test.runIf(process.platform === 'linux')('the young generation is small, unless the operator has set its size', () => {
  expect(argumentsOf('')).toEqual(['--max-semi-space-size=8']);
  expect(argumentsOf('', ['--max-semi-space-size=16'])).toEqual(['--max-semi-space-size=16']);
  expect(argumentsOf('--max-semi-space-size=16')).toEqual([]);
  expect(argumentsOf('--no-warnings --max_semi_space_size=16')).toEqual([]);
});
