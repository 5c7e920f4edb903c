import { expect, test } from 'vitest';
import { bestPeer, bytesAgainstBest, cpuAgainstBest } from './best-peer.ts';
import { toPlot } from './plot.ts';
import type { Report } from './report.ts';

const TITLE = 'JPEG → JPEG 640';
const report = {
  classes: {
    [TITLE]: {
      pixgate: { cpu: 20, bytes: 900 },
      'pixgate Lambda': { cpu: 10, bytes: 900 },
      'bare sharp': { cpu: 25, bytes: 1000, equalBytes: 1000 },
      IPX: { cpu: 40, bytes: 800, equalBytes: 950 },
      'Next.js': { cpu: 1, bytes: 1, equalBytes: 1, why: 'source unchanged' },
    },
    'SVG → PNG 640': { pixgate: { cpu: 28, bytes: 49 }, 'bare sharp': { cpu: 22, bytes: 49 } },
  },
} as unknown as Report;

test('the best peer is the one that takes least of those that did the work', () => {
  expect(cpuAgainstBest(report)).toEqual([
    { title: TITLE, peer: 'bare sharp', ratio: 0.8 },
    { title: 'SVG → PNG 640', peer: 'bare sharp', ratio: 28 / 22 },
  ]);
  expect(bytesAgainstBest(report)).toEqual([{ title: TITLE, peer: 'IPX', ratio: 900 / 950 }]);
});

test('the plot compares with the peer that takes the least CPU over all classes', () => {
  expect(bestPeer(report)).toBe('bare sharp');
  const plot = toPlot(report);
  expect(plot).toContain('pixgate, relative to bare sharp');
  expect(plot.match(/<rect /g)).toHaveLength(3);
  for (const ratio of ['0.80', '1.27', '0.90']) expect(plot).toContain(`>${ratio} ×</text>`);
});
