/** The sources that `pixgate warm` has done, in a file: a run that was interrupted goes on where it ended. */
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { UsageError } from './arguments.ts';

export interface DoneFile {
  readonly has: (source: string) => boolean;
  readonly add: (sources: readonly string[]) => void;
}

/**
 * Opens the file, or creates it.
 *
 * @param job describes what is done with the sources, in one line: the file of another job is refused
 * @throws UsageError
 */
export function openDoneFile(path: string, job: string): DoneFile {
  const head = `# ${job}`;
  if (!existsSync(path)) writeFileSync(path, `${head}\n`);
  const bytes = readFileSync(path);
  // A line that was not written to its end.
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  const [first, ...sources] = bytes.toString('utf8', 0, end).split('\n');
  if (first !== head)
    throw new UsageError(
      `${path} belongs to another run (${first?.slice(2)}): remove it, or choose another --done FILE`,
    );
  const done = new Set(sources);
  return {
    has: (source) => done.has(source),
    add: (added) => appendFileSync(path, added.map((source) => `${source}\n`).join('')),
  };
}
