/** Reads a key or secret: never from an argument, which every user of the machine can read. */
import { readFileSync } from 'node:fs';

/** Reads the first line of a file, or of standard input unless that is a terminal. */
export function readKey(file: string | undefined): string | undefined {
  if (file === undefined && process.stdin.isTTY) return undefined;
  const [line = ''] = readFileSync(file ?? 0, 'utf8').split('\n');
  return line.trim() || undefined;
}
