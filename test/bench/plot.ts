/** Draws the plot of the README: CPU of each class, relative to bare sharp. */
import { CLASSES, classOf } from './classes.ts';
import type { Report } from './report.ts';
import { ratios } from './targets.ts';

const [LEFT, RIGHT, TOP, ROW] = [200, 900, 84, 26];
/** Ends of the axis, which is logarithmic. */
const [MIN, MAX] = [0.125, 16];
const TICKS = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16];
const BASE = 'bare sharp';

/** In reverse order of the legend: pixgate is drawn last, and so on top. */
const DOTS: readonly (readonly [name: string, css: string, radius: number])[] = [
  ['ImageMagick', 'im', 5],
  ['vipsthumbnail', 'vt', 5],
  ['Next.js', 'nx', 5],
  ['IPX', 'ix', 5],
  ['pixgate', 'px', 7],
];

const x = (ratio: number): string => {
  const at = Math.log(Math.min(MAX, Math.max(MIN, ratio)) / MIN) / Math.log(MAX / MIN);
  return (LEFT + at * (RIGHT - LEFT)).toFixed(1);
};

const STYLE = `svg{font-family:system-ui,sans-serif;background:#fff}
.t{font-size:15px;font-weight:600;fill:#1f2328}.s{font-size:12px;fill:#57606a}.m{text-anchor:middle}.e{text-anchor:end}
.g{stroke:#d0d7de}.b{stroke:#57606a;stroke-width:1.5}
.px{fill:#0969da}.ix{fill:#9a6700}.nx{fill:#8250df}.vt{fill:#1a7f37}.im{fill:#cf222e}
@media (prefers-color-scheme:dark){svg{background:#0d1117}.t{fill:#e6edf3}.s{fill:#9da7b3}.g{stroke:#30363d}.b{stroke:#8b949e}.px{fill:#58a6ff}.ix{fill:#d29922}.nx{fill:#bc8cff}.vt{fill:#3fb950}.im{fill:#ff7b72}}`;

function legend(): string[] {
  const all = DOTS.toReversed();
  return all.flatMap(([name, css, radius], i) => [
    `<circle class="${css}" cx="${LEFT + 8 + i * 120}" cy="52" r="${radius}"/>`,
    `<text class="s" x="${LEFT + 20 + i * 120}" y="56">${name}</text>`,
  ]);
}

/** @returns an SVG that follows the page's light or dark scheme */
export function toPlot(report: Report): string {
  const titles = CLASSES.map(classOf);
  const bottom = TOP + titles.length * ROW;
  const dots = DOTS.filter(([name]) => !(name in report.missing)).map(([name, css, radius]) => ({
    css,
    radius,
    of: new Map(ratios(report, BASE, name).map(({ title, ratio }) => [title, ratio])),
  }));
  const rows = titles.flatMap((title, i) => {
    const y = TOP + (i + 0.5) * ROW;
    return [
      `<text class="s e" x="${LEFT - 14}" y="${y + 4}">${title}</text>`,
      ...dots.flatMap(({ css, radius, of }) => {
        const ratio = of.get(title);
        return ratio === undefined ? [] : [`<circle class="${css}" cx="${x(ratio)}" cy="${y}" r="${radius}"/>`];
      }),
    ];
  });
  const grid = TICKS.flatMap((tick) => [
    `<path class="${tick === 1 ? 'b' : 'g'}" d="M${x(tick)} ${TOP} V${bottom}"/>`,
    `<text class="s m" x="${x(tick)}" y="${bottom + 20}">${tick === 1 ? BASE : `${tick}${tick === MAX ? ' or more' : ''} ×`}</text>`,
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 ${bottom + 36}" role="img" aria-label="CPU time per image in each class of work, relative to bare sharp: pixgate, IPX, Next.js, vipsthumbnail and ImageMagick">`,
    `<style>\n${STYLE}\n</style>`,
    '<text class="t" x="20" y="28">CPU time per image on a cache miss, relative to bare sharp; less is better</text>',
    ...legend(),
    ...grid,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}
