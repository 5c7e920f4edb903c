/** Draws a progress bar on standard error, if that is a terminal. One item needs none. */
export function showProgress(done: number, total: number): void {
  if (!process.stderr.isTTY || total === 1) return;
  const filled = Math.round((done / total) * 24);
  process.stderr.write(
    `\r${'█'.repeat(filled)}${'·'.repeat(24 - filled)} ${done} of ${total}${done === total ? '\n' : ''}`,
  );
}
