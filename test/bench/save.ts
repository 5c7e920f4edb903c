/** Saves a run: its figures, its tables, and the table and plot of the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { QUALITY } from './classes.ts';
import { losses } from './losses.ts';
import { toPlot } from './plot.ts';
import type { Report } from './report.ts';
import { toMarkdown, toTable } from './table.ts';
import { againstPeers, toRow, verdicts } from './targets.ts';

/** Describes the machine. */
export function machineInfo(): string {
  const [cpu] = cpus();
  const { glibcVersionRuntime: glibc } = (process.report.getReport() as unknown as { header: Record<string, string> })
    .header;
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${cpus().length} × ${cpu?.model.trim()}, ${memory}, Linux ${release()}, glibc ${glibc}, Node ${process.version}`;
}

/** Writes the short table between its marks in the README. */
function saveInReadme(report: Report): void {
  const readme = new URL('../../README.md', import.meta.url);
  const rows = [
    '| CPU per image on a cache miss | mean over all classes | most expensive class |',
    '| --- | --- | --- |',
    ...againstPeers(report).map(({ peer, mean, worst, title }) => `| × ${peer} | ${mean} | ${worst}, ${title} |`),
  ];
  const block = `<!-- by npm run bench -->\n${rows.join('\n')}\n<!-- /by npm run bench -->`;
  writeFileSync(
    readme,
    readFileSync(readme, 'utf8').replace(/<!-- by npm run bench -->[\s\S]*<!-- \/by npm run bench -->/, block),
  );
}

/** Writes RESULTS.md, results.json, and the table and plot of the README. */
export function save(report: Report): void {
  const lines = [
    '# pixgate compared with its peers',
    '',
    'Written by `npm run bench -- --save`. Compare the ratios: the times depend on the machine.',
    '',
    `- Date: ${report.date}, ${report.rounds} rounds, ${report.seconds} s`,
    `- Machine: ${report.machine}`,
    `- CPU counted by ${report.meter}`,
    ...Object.entries(report.contestants).map(([name, version]) => `- ${name}: ${version}`),
    '',
    toMarkdown(toTable(report)),
    '',
    '## Targets',
    '',
    '| target | limit | this run | |',
    '| --- | --- | --- | --- |',
    ...verdicts(report).map(toRow),
    '',
    '## Where a peer takes less',
    '',
    '| class | | | why |',
    '| --- | --- | --- | --- |',
    ...losses(report).map((row) => `| ${row.join(' | ')} |`),
    '',
    '## Method',
    '',
    `All contestants use quality ${QUALITY}, or its equivalent on AVIF's scale; PNG is lossless, except in Next.js, which quantizes it to a palette.`,
    'Each miss has a new source URL. Classes and contestants alternate request by request, in a shuffled order each round;',
    'one round warms up and is not counted. CPU is user and system time of all processes of a contestant, without the origin and the',
    'client. Both pixgate columns use the allocator settings of `template.yaml`; the peers have their defaults. Hits, 304 and several',
    'widths at once are measured with caches on. SSIM and SSIMULACRA2 compare with the source resized by Lanczos from all of its pixels to the sides of the output, on white. Bytes at equal',
    'SSIMULACRA2 are interpolated over four qualities. Sources:',
    '',
    ...Object.entries(report.sources).map(([role, about]) => `- ${role}: ${about}`),
    '',
  ];
  saveInReadme(report);
  writeFileSync(new URL('RESULTS.md', import.meta.url), lines.join('\n'));
  writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(new URL('../../.github/images/bench.svg', import.meta.url), toPlot(report));
}
