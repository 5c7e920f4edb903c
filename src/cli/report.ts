/** Reports what became of several images: a progress bar and a summary on standard error, or JSON on standard output. */
import type { RenderedImage } from '../image/job.ts';
import { showProgress } from './progress.ts';

/** What became of one input, a line of `--json`. */
export type Outcome = { readonly input: string } & (
  | ({ readonly output: string; readonly bytes: number } & Pick<RenderedImage, 'type' | 'width' | 'height'>)
  | { readonly error: string; readonly detail: string }
);

export interface Report {
  readonly add: (outcome: Outcome) => void;
  /** Prints the failures and the summary. @returns the number of failures */
  readonly end: () => number;
}

const kilobytes = new Intl.NumberFormat('en', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 });

/** @param total number of inputs */
export function createReport(total: number, { json = false, quiet = false }): Report {
  const outcomes: Outcome[] = [];
  const start = performance.now();
  if (!json && !quiet) showProgress(0, total);
  return {
    add(outcome) {
      outcomes.push(outcome);
      if (json) console.log(JSON.stringify(outcome));
      else if (!quiet) showProgress(outcomes.length, total);
    },
    end() {
      const failures = outcomes.filter((outcome) => 'error' in outcome);
      if (json) return failures.length;
      for (const { input, detail } of failures) console.error(`${input}: ${detail}`);
      const written = outcomes.filter((outcome) => 'output' in outcome);
      const bytes = written.reduce((sum, image) => sum + image.bytes, 0);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const failed = failures.length ? ` ${failures.length} failed.` : '';
      if (!quiet)
        console.error(
          `Wrote ${written.length} ${written.length === 1 ? 'image' : 'images'}, ${kilobytes.format(bytes / 1000)}, in ${seconds} s.${failed}`,
        );
      return failures.length;
    },
  };
}
