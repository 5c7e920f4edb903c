/** The recipes of the playground, which the documentation lists too: all parameters of a purpose, for any image. Data only. */

export interface Recipe {
  readonly title: string;
  /** What the parameters do, in one sentence. */
  readonly explanation: string;
  readonly options: Readonly<Record<string, string>>;
}

export const RECIPES: readonly Recipe[] = [
  {
    title: 'Avatar',
    explanation:
      'A circle around what attracts attention, at twice the 64 px that it has in the page, for sharp displays.',
    options: { w: '128', h: '128', fit: 'cover', a: 'attention', mask: 'circle', f: 'webp' },
  },
  {
    title: 'Hero',
    explanation:
      'A wide strip for the head of a page: 8:3 whatever the shape of the source, in fewer bytes at quality 65.',
    options: { w: '1600', ar: '8:3', a: 'attention', q: '65' },
  },
  {
    title: 'Card',
    explanation: 'The same 3:2 shape for every image of a list, cropped around what attracts attention.',
    options: { w: '480', ar: '3:2', a: 'attention' },
  },
  {
    title: 'OG image',
    explanation: 'The card of a shared link: 1200 × 630, as JPEG, which every social network reads.',
    options: { w: '1200', h: '630', fit: 'cover', a: 'attention', f: 'jpg', q: '60' },
  },
  {
    title: 'Thumbnail grid',
    explanation: 'Equal squares that load fast: quality 60, and sharpened a little, because small images look soft.',
    options: { w: '160', h: '160', fit: 'cover', a: 'attention', q: '60', sharp: '0.6' },
  },
  {
    title: 'Placeholder',
    explanation: 'A tiny blurred image as a data URL, to put into the page until the image itself is there.',
    options: { f: 'lqip' },
  },
];
