/** The page *Many images at once*: its messages are read, and its costs are those of the estimate. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BATCH_CONCURRENCY, estimateQueue } from '../../src/cli/warm-cost.ts';
import { readBody, readJobs } from '../../src/lambda/batch-events.ts';

const page = readFileSync(new URL('../../src/docs/batch.md', import.meta.url), 'utf8');
const [message = '', machine = ''] = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

test('the messages are read', () => {
  expect(readBody(message)).toEqual([
    { u: 'https://www.example.com/cat.jpg', presets: 'thumb,hero@2x', v: '3', isNew: false },
  ]);
  const [, body = ''] = /--message-body '(.*)'/.exec(page) ?? [];
  expect(readBody(body)).toEqual([{ u: 'https://www.example.com/cat.jpg', isNew: false }]);
});

test('the function reads what the distributed map sends', () => {
  const { ItemSelector, ItemBatcher } = JSON.parse(machine).States.Images;
  const [, format = ''] = /^States\.Format\('(.*)', \$\$\.Map\.Item\.Value\.Key\)$/.exec(ItemSelector['u.$']) ?? [];
  const item = (key: string) => ({ u: format.replace('{}', key), presets: ItemSelector.presets });
  expect(readJobs({ Items: [item('catalogue/a b+.jpg'), item('catalogue/2.jpg')] })).toEqual([
    { u: 's3://photos/catalogue/a b+.jpg', presets: 'thumb,hero', isNew: false },
    { u: 's3://photos/catalogue/2.jpg', presets: 'thumb,hero', isNew: false },
  ]);
  expect(ItemBatcher.MaxItemsPerBatch).toBe(20);
});

test('the costs', () => {
  const work = { images: 4, avifImages: 0 };
  const { items, dollars, seconds } = estimateQueue({ sources: 1_000_000, ...work });
  for (const [, price] of items) expect(page).toContain(`| ${price.toFixed(2)} |`);
  expect(page).toContain(`| in all | ${dollars.toFixed(2)} |`);
  const instanceSeconds = seconds * BATCH_CONCURRENCY;
  expect(page).toContain(`Lambda, ${Math.round(instanceSeconds / 3600)} hours at 1769 MB`);
  expect(page).toContain(
    `With 5 instances it takes ${Math.round(seconds / 3600)} hours, with \`BatchConcurrency=100\` ${Math.round(instanceSeconds / 100 / 60)} minutes`,
  );
  const small = estimateQueue({ sources: 10_000, ...work });
  expect(page).toContain(
    `10,000 sources take ${Math.round(small.seconds / 60)} minutes with 5 instances, and cost $${small.dollars.toFixed(2)}`,
  );
});
