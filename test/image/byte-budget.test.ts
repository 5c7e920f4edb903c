/** How many encodes a limit of bytes may cost. */
import { describe, expect, test, vi } from 'vitest';
import { fitByteBudget, fitResponse } from '../../src/image/byte-budget.ts';

const ample = { encodesLeft: () => 100, hasTime: () => true };
/** An encoder of a thousand bytes per step of quality. */
const encoder = () => vi.fn(async (q: number) => Buffer.alloc(q * 1000));
const qualities = ({ mock }: ReturnType<typeof encoder>) => mock.calls.map(([q]) => q);

describe('fitByteBudget', () => {
  test('at most four encodes, the last at 30', async () => {
    const encode = vi.fn(async (_q: number) => Buffer.alloc(100_000));
    const { quality, isLate } = await fitByteBudget(encode, 80, 90_000, ample);
    expect([encode.mock.calls.length, quality, isLate]).toEqual([4, 30, false]);
  });
  test('one that cannot be met takes two: the second is at 30 at once', async () => {
    const encode = encoder();
    await fitByteBudget(encode, 80, 1000, ample);
    expect(qualities(encode)).toEqual([80, 30]);
  });
  test.each([
    [0, [80]],
    [1, [80, 30]],
    [2, [80, 75, 30]],
  ])('with work for %d more, the last of them is at 30', async (left, expected) => {
    const encode = vi.fn(async (_q: number) => Buffer.alloc(80_000));
    const { isLate } = await fitByteBudget(encode, 80, 79_000, { ...ample, encodesLeft: () => left });
    expect([encode.mock.calls.map(([q]) => q), isLate]).toEqual([expected, false]);
  });
  test('without time for another, the output is the first', async () => {
    const encode = encoder();
    const { isLate } = await fitByteBudget(encode, 80, 1000, { ...ample, hasTime: () => false });
    expect([qualities(encode), isLate]).toEqual([[80], true]);
  });
});

describe('fitResponse', () => {
  const encoded = { data: Buffer.alloc(80_000), type: 'image/webp' };
  test('without time, the first encode is all there is, and the deadline the reason', async () => {
    const encode = vi.fn(async () => Buffer.alloc(1));
    const late = { ...ample, hasTime: () => false };
    await expect(fitResponse(encoded, ['webp', 'jpg'], encode, 80, 1000, late)).rejects.toMatchObject({
      code: 'SOURCE_TIMEOUT',
    });
    expect(encode).not.toHaveBeenCalled();
  });
  test('formats that are too expensive are left out', async () => {
    const encode = vi.fn(async (_format: string, q: number) => Buffer.alloc(q));
    const allowance = { ...ample, encodesLeft: (format: string) => (format === 'jpg' ? 1 : 0) };
    const { type } = await fitResponse(encoded, ['webp', 'avif', 'jpg'], encode, 80, 1000, allowance);
    expect([encode.mock.calls, type]).toEqual([[['jpg', 80]], 'image/jpeg']);
  });
});
