/** What librsvg draws otherwise than browsers, or not at all; by the colours at points of 100 × 50. */
import { describe, expect, test } from 'vitest';
import { CLEAR, full, GREEN, render } from './drawn.ts';

const colour = (name: string) => `fill="${name === 'green' ? '#0a0' : name}"`;

describe('selectors that match nothing in an image', () => {
  test.each<[string, string, number[]]>([
    ['the icons of a stack', `<style>rect:not(:target){display:none}</style>${full(colour('red'))}`, CLEAR],
    ['one of a list', `<style>rect:hover,.a{fill:#0a0}</style>${full('class="a"')}`, GREEN],
    [
      'a pseudo-element of a list',
      `<style>.a,text::selection,.b::before{fill:#0a0}</style>${full('class="a"')}`,
      GREEN,
    ],
    ['alone', `<style>rect{fill:#0a0} rect:hover,rect:focus-visible{fill:red}</style>${full('')}`, GREEN],
    ['the specificity', `<style>rect:not(:target){fill:#0a0} rect{fill:red}</style>${full('')}`, GREEN],
    ['a colon in a class', `<style>.a\\:hover{fill:#0a0}</style>${full('class="a:hover"')}`, GREEN],
    [
      'an attribute of a link',
      `<style>rect:target{fill:red}</style>${full(`target="_top" ${colour('green')}`)}`,
      GREEN,
    ],
  ])('%s', async (_what, inside, expected) => expect((await render(inside)).at(50, 25)).toEqual(expected));
});
