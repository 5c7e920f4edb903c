/** Draws the plot of the README: CPU, and bytes at equal quality, of each class, relative to the peer that takes the least CPU over all classes. */
import { bestPeer, bytesAgainstBest, type Comparison, cpuAgainstBest } from './best-peer.ts';
import { CLASSES, classOf } from './classes.ts';
import type { Report } from './report.ts';

const [TOP, ROW, BAR] = [72, 26, 12];
const [NAMES, WIDTH, PANEL] = [190, 960, 220];
/** Where the two panels begin. */
const [CPU, BYTES] = [204, 586];
/** The right end of the axis; a longer bar is cut. */
const MAX = 1.5;
const TICKS = [0, 0.5, 1];

const STYLE = `svg{font-family:system-ui,sans-serif;background:#fff}
.t{font-size:15px;font-weight:600;fill:#1f2328}.s{font-size:12px;fill:#57606a}.m{text-anchor:middle}.e{text-anchor:end}
.g{stroke:#d0d7de}.b{stroke:#57606a;stroke-width:1.5}.less{fill:#0969da}.more{fill:#9a6700}
@media (prefers-color-scheme:dark){svg{background:#0d1117}.t{fill:#e6edf3}.s{fill:#9da7b3}.g{stroke:#30363d}.b{stroke:#8b949e}.less{fill:#58a6ff}.more{fill:#d29922}}`;

const titles = CLASSES.map(classOf);
const bottom = TOP + titles.length * ROW;
const toX = (ratio: number) => (Math.min(MAX, ratio) / MAX) * PANEL;

function panel(left: number, comparisons: readonly Comparison[]): string[] {
  const bars = comparisons.flatMap(({ title, ratio }) => {
    const y = TOP + titles.indexOf(title) * ROW + (ROW - BAR) / 2;
    const width = toX(ratio);
    return [
      `<rect class="${ratio > 1 ? 'more' : 'less'}" x="${left}" y="${y}" width="${width.toFixed(1)}" height="${BAR}"/>`,
      `<text class="s" x="${(left + width + 6).toFixed(1)}" y="${y + BAR - 2}">${ratio.toFixed(2)} ×</text>`,
    ];
  });
  const axis = TICKS.flatMap((tick) => {
    const x = (left + toX(tick)).toFixed(1);
    return [
      `<path class="${tick === 1 ? 'b' : 'g'}" d="M${x} ${TOP} V${bottom}"/>`,
      `<text class="s m" x="${x}" y="${bottom + 20}">${tick === 1 ? '1 ×' : tick}</text>`,
    ];
  });
  return [...axis, ...bars];
}

/** @returns an SVG that follows the page's light or dark scheme */
export function toPlot(report: Report): string {
  const peer = bestPeer(report);
  const isPeer = (name: string) => name === peer;
  const names = titles.map(
    (title, i) => `<text class="s e" x="${NAMES}" y="${TOP + (i + 0.5) * ROW + 4}">${title}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 36}" role="img" aria-label="CPU time per image, and bytes at equal quality, of pixgate in each class of work, relative to ${peer}">`,
    `<style>\n${STYLE}\n</style>`,
    `<text class="t" x="20" y="28">pixgate, relative to ${peer}, the peer that takes the least CPU; less is better</text>`,
    `<text class="s" x="${CPU}" y="56">CPU time of a cache miss</text>`,
    `<text class="s" x="${BYTES}" y="56">Bytes at equal SSIMULACRA2</text>`,
    ...names,
    ...panel(CPU, cpuAgainstBest(report, isPeer)),
    ...panel(BYTES, bytesAgainstBest(report, isPeer)),
    '</svg>',
    '',
  ].join('\n');
}
