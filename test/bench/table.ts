/** Formats the table of a run, as text and as Markdown. */
import { LOADS } from './load.ts';
import type { Figure, Report } from './report.ts';

const short = (value: number | undefined): string | undefined => {
  if (value === undefined || Number.isNaN(value)) return undefined;
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** Builds one table: a column for each contestant, missing ones included; CPU with its ratio to bare sharp. */
export function toTable(report: Report): Table {
  const { classes, contestants, missing, load, peak } = report;
  const names = Object.keys(contestants);
  const reasons: string[] = [];
  const note = (why: string) => {
    if (!reasons.includes(why)) reasons.push(why);
    return `(${reasons.indexOf(why) + 1})`;
  };
  const row = (title: string, cell: (name: string) => string | undefined) => [
    title,
    ...names.map((name) => (missing[name] === undefined ? (cell(name) ?? '–') : 'missing')),
  ];
  const empty = (title: string) => [title, ...names.map(() => '')];
  const cpu = Object.entries(classes).map(([title, figure]) =>
    row(title, (name) => {
      const { why, cpu: value } = figure[name] ?? {};
      if (why) return note(why);
      const base = figure['bare sharp']?.cpu;
      return value === undefined || base === undefined || name === 'bare sharp'
        ? short(value)
        : `${short(value)} (${(value / base).toFixed(2)})`;
    }),
  );
  const each = (cell: (figure: Figure) => string | undefined) =>
    Object.entries(classes)
      .filter(([, figure]) => Object.values(figure).some(({ bytes }) => bytes !== undefined))
      .map(([title, figure]) => row(title, (name) => (figure[name]?.why ? undefined : cell(figure[name] ?? {}))));
  const under = Object.keys(LOADS).flatMap((title) => [
    row(`p50 ms, ${title}`, (name) => short(load[name]?.[title]?.p50)),
    row(`p99 ms, ${title}`, (name) => short(load[name]?.[title]?.p99)),
    row(`images per second, ${title}`, (name) => short(load[name]?.[title]?.rate)),
  ]);
  const rows = [
    empty('CPU ms (× bare sharp)'),
    ...cpu,
    empty('Bytes, kB'),
    ...each(({ bytes }) => short(bytes === undefined ? bytes : bytes / 1000)),
    empty('SSIM'),
    ...each(({ ssim }) => ssim?.toFixed(4)),
    empty('SSIMULACRA2'),
    ...each(({ score }) => score?.toFixed(1)),
    empty("Bytes at pixgate's SSIMULACRA2, kB"),
    ...each(({ equalBytes }) => short(equalBytes === undefined ? equalBytes : equalBytes / 1000)),
    empty('Load'),
    ...under,
    row('peak memory of the whole run, MB', (name) => short((peak[name] ?? Number.NaN) / 1e6)),
  ];
  const absent = Object.entries(missing).map(([name, why]) => `${name} is missing: ${why}`);
  return { head: ['', ...names], rows, notes: [...absent, ...reasons.map((why, i) => `(${i + 1}) ${why}`)] };
}

export function toText({ head, rows, notes }: Table): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map((row) => (row[1] === '' ? `\n${row[0]}` : line(row))), '', ...notes].join('\n');
}

export function toMarkdown({ head, rows, notes }: Table): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  const rule = `| --- |${' ---: |'.repeat(head.length - 1)}`;
  const body = rows.map((row) => line(row[1] === '' ? [`**${row[0]}**`, ...row.slice(1)] : row));
  return [line(head), rule, ...body, '', ...notes.map((text) => `- ${text}`)].join('\n');
}
