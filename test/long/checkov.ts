/** Runs checkov, from PyPI, at the path CHECKOV. */
import { execFile } from 'node:child_process';

export const { CHECKOV } = process.env;
if (!CHECKOV) console.log('SKIPPED: the rules of checkov need CHECKOV, the path of checkov (pip install checkov)');

/** Runs it without its network. @returns ids of the rules that failed, with their resources @throws Error if it cannot read the file */
export const failedRules = (path: string, framework: string) =>
  new Promise<{ check_id: string; resource: string }[]>((done, fail) => {
    const args = ['-f', path, '--framework', framework, '--compact', '--quiet', '-o', 'json'];
    // It exits with 1 when a rule failed.
    execFile(CHECKOV ?? '', args, { maxBuffer: 1e8 }, (error, stdout) => {
      if (!stdout.trim()) return fail(error);
      const { summary, results } = [JSON.parse(stdout)].flat()[0];
      if (!summary?.passed || summary.parsing_errors) return fail(new Error(`checkov could not read ${path}`));
      return done(results.failed_checks);
    });
  });
