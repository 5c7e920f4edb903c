/** A static file that could not be made is made again at the next request. */
import { expect, test, vi } from 'vitest';
import { createStatic } from '../../src/dev/static.ts';
import { transform } from '../../src/transform.ts';

vi.mock('../../src/transform.ts', { spy: true });

test('a thumbnail after an error', async () => {
  const find = createStatic({ samples: '', key: '', names: { p: [], mark: [] } }, false);
  const request = async () => (await find('/thumbnails/cat.webp', {}))?.status;
  vi.mocked(transform).mockRejectedValueOnce(new Error('no time'));
  await expect(request()).rejects.toThrow('no time');
  expect(await request()).toBe(200);
  expect(await request()).toBe(200);
  expect(vi.mocked(transform).mock.calls.length).toBe(2);
});
