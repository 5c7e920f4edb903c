/** The sentences that the playground shows about the headers of a response. */
import { expect, test } from 'vitest';
import { remarksOf } from '../../src/dev/page/response-headers.ts';
import { frameIndices } from '../../src/image/frame-plan.ts';

test('of the frames some are left out, not all after the first', () => {
  expect(frameIndices({ page: 0, pages: 2, readPages: 5 })).toEqual([0, 2]);
  const response = new Response('', { headers: { 'pixgate-frames-of': '5' } });
  expect(remarksOf(response)).toEqual(['only some of 5 frames']);
});
