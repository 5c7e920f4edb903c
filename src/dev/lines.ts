/** Milliseconds that a line may wait for others. */
const WAIT = 50;

/**
 * Lines of a moment, written together: each by itself is a call of the kernel, a tenth of what a remembered picture costs.
 * What waits when the process exits is written then; a kill loses it.
 *
 * @param write takes one or more lines, without the last one's end
 */
export function gathered(write: (lines: string) => void): (line: string) => void {
  let waiting: string[] = [];
  const flush = () => {
    if (waiting.length) write(waiting.join('\n'));
    waiting = [];
  };
  process.on('exit', flush);
  return (line) => {
    if (waiting.push(line) === 1) setTimeout(flush, WAIT).unref();
  };
}
