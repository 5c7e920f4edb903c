/** Prints the tables of the simulated day. */

import { CDN_REQUEST, EDGE_FUNCTION, GB_SECOND, LAMBDA_REQUEST } from '../../src/cli/prices.ts';
import type { Day } from './day-run.ts';
import { LOG_GB, transferPrice } from './prices.ts';

export const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const rule = (columns: number) => console.log(`| --- |${' ---: |'.repeat(columns)}`);
const integer = (value: number) => Math.round(value).toLocaleString('en-US');
const dollars = (value: number) => `$${value.toFixed(value < 0.1 ? 3 : 2)}`;
const percent = (value: number, digits = 1) => `${(100 * value).toFixed(digits)} %`;
export const text = (value: unknown): string =>
  typeof value === 'object' && value
    ? Array.isArray(value)
      ? value.join(', ')
      : Object.entries(value)
          .map(([name, one]) => `${name} ${one}`)
          .join(', ')
    : String(value);

/** Computes the price of a day in dollars, by part. CloudFront's price per GB falls with the volume of a month: thirty such days. */
function pricesOf({ bill, requests, sent, logged }: Day, arch: keyof typeof GB_SECOND = 'arm64') {
  return {
    'Lambda: requests': bill.requests * LAMBDA_REQUEST,
    'Lambda: work and waiting': bill.work * GB_SECOND[arch],
    'Lambda: starts': bill.init * GB_SECOND[arch],
    'CloudWatch: log': (logged / 2 ** 30) * LOG_GB,
    'CloudFront: requests': requests * CDN_REQUEST,
    'CloudFront: its function': requests * EDGE_FUNCTION,
    'CloudFront: transfer': transferPrice((30 * sent) / 2 ** 30) / 30,
  };
}
const sum = (prices: Readonly<Record<string, number>>, only = '') =>
  Object.entries(prices).reduce((all, [name, price]) => (name.startsWith(only) ? all + price : all), 0);
const three = ({ at }: Day['edge']) => [0.5, 0.95, 0.99].map(at).join(', ');

/** Prints one column per load. */
export function byLoad(days: readonly Day[]): void {
  const row = (name: string, cell: (day: Day) => string) => line([name, ...days.map(cell)]);
  row('a day', ({ requests }) => `${requests / 1e6} million requests`);
  rule(days.length);
  row('hits at the edge', ({ waited, requests }) => percent(1 - waited / requests));
  row('requests to Lambda', ({ bill }) => integer(bill.requests));
  row('of them for images', ({ images }) => integer(images));
  row('of them revalidations', ({ revalidations }) => integer(revalidations));
  row('image cache hits of the instance', ({ imageHits, images }) => percent(imageHits / images, 2));
  row('source cache hits of the instance', ({ sourceHits, images }) => percent(sourceHits / images, 2));
  row('GB-seconds', ({ bill }) => integer(bill.work + bill.init));
  const prices = days.map((day) => pricesOf(day));
  for (const name of Object.keys(prices[0] ?? {}) as (keyof ReturnType<typeof pricesOf>)[])
    line([name, ...prices.map((one) => dollars(one[name]))]);
  line(['**total**', ...prices.map((one) => `**${dollars(sum(one))}**`)]);
  row('for a million requests', (day) => dollars((1e6 * sum(pricesOf(day))) / day.requests));
  row('cold starts among requests to Lambda', ({ bill }) => percent(bill.coldStarts / bill.requests, 2));
  row('ms of a response: p50, p95, p99', ({ edge }) => three(edge));
  row('ms of those that wait for Lambda', ({ waits }) => three(waits));
  row('maximum concurrent instances', ({ bill }) => String(bill.busy));
}

/** Prints one column per memory size. */
export function byMemory(days: readonly Day[]): void {
  const row = (name: string, cell: (day: Day) => string) => line([name, ...days.map(cell)]);
  line([`${(days[0]?.requests ?? 0) / 1e6} million a day`, ...days.map(({ memory }) => `${memory} MB`)]);
  rule(days.length);
  for (const arch of ['arm64', 'x64'] as const)
    row(`Lambda, ${arch}`, (day) => dollars(sum(pricesOf(day, arch), 'Lambda')));
  row('ms of those that wait for Lambda', ({ waits }) => three(waits));
  row('maximum concurrent instances', ({ bill }) => String(bill.busy));
}
