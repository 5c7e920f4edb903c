/** URLs of `<Image>` of Next.js: `/_next/image?url=%2Fcat.jpg&w=640&q=75`. Pure. */
import { type Dialect, NoCounterpart, type Query, toSource, unsupported } from './old-url.ts';

const PATH = /^\/_next\/image\/?$/;

/** Next.js never upscales. `dpl` is the deployment, for whose images caches must not return those of another. */
export const next: Dialect = {
  matches: ({ path }) => PATH.test(path),
  toQuery: ({ query }) => {
    const result: Query = { we: '1' };
    const names: Readonly<Record<string, string>> = { url: 'u', w: 'w', q: 'q', dpl: 'v' };
    for (const { name, value } of query) {
      const parameter = Object.hasOwn(names, name) ? names[name] : undefined;
      if (parameter === undefined) unsupported(name);
      if (result[parameter] !== undefined) throw new NoCounterpart(`${name} is given more than once`);
      if (value === null) throw new NoCounterpart(`${name} is not percent-encoded UTF-8`);
      result[parameter] = value;
    }
    if (!result.u) throw new NoCounterpart('url is required');
    return { ...result, u: toSource(result.u) };
  },
};
