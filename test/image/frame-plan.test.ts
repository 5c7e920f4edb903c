import { describe, expect, test } from 'vitest';
import {
  areFramesApart,
  cropsRows,
  frameDelays,
  frameIndices,
  framesToDecode,
  planFrames,
  planRuns,
} from '../../src/image/frame-plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const size = (width: number, height: number) => ({ width, height });
const source = (more: Partial<SourceInfo>): SourceInfo => ({
  format: 'gif',
  decodedFrom: 'file',
  width: 1000,
  height: 800,
  hasAlpha: false,
  pages: 125,
  orientation: 1,
  channels: 3,
  scans: 1,
  ...more,
});
const whole = {
  quarterTurns: 0,
  preCrop: undefined,
  cover: undefined,
  contain: undefined,
  ...size(1000, 800),
} as const;

describe('frames that are dropped', () => {
  test.each([
    ['100 of 125 by number', {}, {}, size(300, 240), [0, 100, 125]],
    ['by the pixels of the output', {}, {}, size(1000, 800), [0, 62, 125]],
    ['none', { pages: 90 }, {}, size(300, 240), [0, 90, 90]],
    ['the first ones of a requested number', {}, { n: 110 }, size(300, 240), [0, 100, 110]],
    ['those from a page on', {}, { n: 999, page: 20 }, size(300, 240), [20, 100, 105]],
    ['of a GIF, at most 150 megapixels are read', { pages: 1000 }, {}, size(100, 80), [0, 100, 187]],
    ['of a WebP, at most 100', { pages: 1000, format: 'webp' }, {}, size(100, 80), [0, 100, 125]],
    ['one frame is the first', { width: 12_000, height: 5000 }, {}, size(12_000, 5000), [0, 1, 1]],
  ] as const)('%s', (_what, more, options, output, [page, pages, readPages]) =>
    expect(planFrames(source(more), optionsOf(options), 'webp', output, limits)).toEqual({ page, pages, readPages }),
  );

  test('are evenly spread, and add their delay to the frame before', () => {
    const plan = { page: 2, pages: 3, readPages: 7 };
    expect(frameIndices(plan)).toEqual([2, 4, 6]);
    expect(frameDelays([1, 1, 10, 20, 30, 40, 50, 60, 70], plan)).toEqual([30, 70, 180]);
  });

  test('no frame is dropped where all are written', () => {
    expect(frameIndices({ page: 1, pages: 3, readPages: 3 })).toEqual([1, 2, 3]);
    expect(frameIndices({ page: 4, pages: 1, readPages: 9 })).toEqual([4]);
  });
});

describe('frames that are cropped', () => {
  const plan = { page: 0, pages: 60, readPages: 60, ...whole, scaled: size(1000, 800) };
  const cover = { left: 0, top: 300, ...size(1000, 200) };
  const preCrop = { left: 0, top: 300, ...size(1000, 200) };
  test.each([
    ['by rows', { cover }, true],
    ['by rows, before scaling', { preCrop, scaled: size(1000, 200) }, true],
    ['by columns', { cover: { left: 100, top: 0, ...size(200, 800) } }, false],
    ['not', {}, false],
    ['one by one, where they are turned', { cover, quarterTurns: 1 }, false],
  ] as const)('%s', (_what, more, expected) => expect(cropsRows(source({}), { ...plan, ...more })).toBe(expected));

  test('are decoded in runs, if all of them are more than fifty megapixels', () => {
    expect(areFramesApart(source({}), { ...plan, cover })).toBe(false);
    const long = { ...plan, pages: 63, readPages: 63 };
    expect(areFramesApart(source({}), { ...long, cover })).toBe(true);
    expect(areFramesApart(source({}), long)).toBe(false);
  });

  test('are decoded in runs, if a later step crops them', () =>
    expect(areFramesApart(source({}), { ...plan, height: 40 })).toBe(true));

  test('are whole until then: a run has as many as of whole frames', () => {
    const { length } = planRuns(source({}), { ...plan, preCrop, scaled: size(100, 20) });
    expect(length).toBe(62);
    const columns = { left: 100, top: 0, ...size(10, 800) };
    expect(planRuns(source({}), { ...plan, preCrop: columns, scaled: size(10, 80) }).length).toBeGreaterThan(1000);
  });
});

describe('runs of frames that are decoded at once', () => {
  const plan = { page: 0, pages: 100, readPages: 125, ...whole, scaled: size(500, 400) };
  test('shrink the width, as far as no other step needs it', () => {
    expect(planRuns(source({}), plan)).toEqual({ ...size(500, 800), length: 125 });
    expect(planRuns(source({}), { ...plan, scaled: size(2000, 1600) })).toMatchObject(size(1000, 800));
    expect(planRuns(source({}), { ...plan, quarterTurns: 1 })).toMatchObject(size(1000, 800));
    expect(planRuns(source({}), { ...plan, preCrop: { left: 1, top: 1, ...size(40, 30) } })).toMatchObject(
      size(40, 30),
    );
  });
  test('a WebP is held whole, unless it is scaled on load', () => {
    const webp = source({ format: 'webp' });
    expect(planRuns(webp, { ...plan, readPages: 90 })).toEqual({ ...size(500, 400), length: 250 });
    expect(planRuns(webp, plan)).toEqual({ ...size(500, 800), length: 62 });
    expect(planRuns(webp, { ...plan, readPages: 90, scaled: size(500, 300) })).toEqual({
      ...size(500, 800),
      length: 62,
    });
  });
  test('fewer beside a large output', () => {
    expect(planRuns(source({}), { ...plan, scaled: size(1000, 600) })).toMatchObject({ length: 15 });
    expect(planRuns(source({}), { ...plan, pages: 60, scaled: size(1000, 600) })).toMatchObject({ length: 42 });
  });
  test('frames before a run are decoded again', () => {
    expect(framesToDecode(source({}), plan)).toBe(125);
    expect(framesToDecode(source({}), { ...plan, pages: 20, scaled: size(1000, 700) })).toBe(62 + 124 + 125);
    expect(framesToDecode(source({}), { ...plan, page: 30, pages: 1, readPages: 1 })).toBe(31);
    expect(framesToDecode(source({ format: 'jpeg' }), { ...plan, pages: 1 })).toBe(1);
  });
});
