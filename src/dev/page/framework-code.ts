/** Creates embed code for React and for image components of frameworks, by src/client/. Pure. */
import { escapeHtml } from './html.ts';
import { altOf, cssSize, type ImageInfo, sizesFor, srcsetOptions, widthsFor } from './image-urls.ts';
import { omit, propertiesCode, quoteScript } from './parameter-values.ts';
import type { State } from './state.ts';

/** Attributes of a component: source, size in CSS pixels, and text. In JSX, Vue and Astro they are escaped as in HTML. */
function attributesOf(state: State, info: ImageInfo, number: (value: number) => string) {
  const { width, height } = cssSize(state, info) ?? {};
  return [
    `src="${escapeHtml(absoluteUrl(state.u))}"`,
    ...(width && height ? [`width=${number(width)}`, `height=${number(height)}`] : []),
    `alt="${escapeHtml(altOf(state.u))}"`,
  ];
}

/** A source without a scheme is one of https. The loaders would take it for a path of the site. */
const absoluteUrl = (u: string) => (/^[a-z][a-z0-9+.-]*:|^\//i.test(u) ? u : `https://${u}`);

/** Writes the options of a loader. The framework gives sizes and density, and the loader does not upscale. */
function loaderOptions({ base, options }: State, key: string, excluded: readonly string[]): string {
  const parameters = propertiesCode(omit(srcsetOptions(options), ['s', 'exp', 'we', ...excluded]));
  const lines = [
    `  base: ${quoteScript(base)},`,
    ...(key ? [`  k: ${quoteScript(key)},`] : []),
    ...(parameters ? [`  parameters: { ${parameters} },`] : []),
  ];
  return `{\n${lines.join('\n')}\n}`;
}

const jsxNumber = (value: number) => `{${value}}`;
const htmlNumber = (value: number) => `"${value}"`;

export function reactCode(state: State, key: string, info: ImageInfo): string {
  const { f: _, s: __, ...options } = srcsetOptions(state.options);
  const size = cssSize(state, info);
  const parameters = propertiesCode(options);
  return `import { picture } from 'pixgate/url';

const { sources, img } = picture(${quoteScript(state.base)}, ${quoteScript(state.u)}, {
${key ? `  k: ${quoteScript(key)},\n` : ''}${parameters ? `  ${parameters},\n` : ''}  widths: [${widthsFor(state, info).join(', ')}],
  sizes: ${quoteScript(sizesFor(state, info))},
  fallback: '${info.alpha ? 'png' : 'jpg'}',
});

export const Image = () => (
  <picture>
    {sources.map(({ type, srcset, sizes }) => (
      <source key={type} type={type} srcSet={srcset} sizes={sizes} />
    ))}
    <img src={img.src} srcSet={img.srcset} sizes={img.sizes}${size ? ` width={${size.width}} height={${size.height}}` : ''} alt="${escapeHtml(altOf(state.u))}" />
  </picture>
);`;
}

export const nextCode = (state: State, key: string, info: ImageInfo): string =>
  `// next.config.ts
export default { images: { loader: 'custom', loaderFile: './image-loader.ts' } };

// image-loader.ts
import { nextLoader } from 'pixgate/loaders';

export default nextLoader(${loaderOptions(state, key, ['q'])});

// app/page.tsx
import Image from 'next/image';

export default function Page() {
  return <Image ${[...attributesOf(state, info, jsxNumber), ...qualityOf(state)].join(' ')} />;
}`;

/** `q` is a property of the components of Next.js and Astro. */
const qualityOf = ({ options: { q } }: State) => (q && /^\d+$/.test(q) ? [`quality={${q}}`] : []);

export function nuxtCode(state: State, key: string, info: ImageInfo): string {
  const modifiers = propertiesCode(omit(state.options, ['w', 'h', 'dpr', 's', 'exp']));
  const attributes = [
    ...attributesOf(state, info, htmlNumber),
    ...(modifiers ? [`:modifiers="${escapeHtml(`{ ${modifiers} }`)}"`] : []),
  ];
  return `// nuxt.config.ts
export default defineNuxtConfig({
  modules: ['@nuxt/image'],
  image: { provider: 'pixgate', providers: { pixgate: { provider: '~/providers/pixgate.ts' } } },
});

// app/providers/pixgate.ts
import { defineProvider } from '@nuxt/image/runtime';
import { nuxtProvider } from 'pixgate/loaders';

export default defineProvider(nuxtProvider(${loaderOptions({ ...state, options: {} }, key, [])}));

// app/pages/index.vue
<template>
  <NuxtImg ${attributes.join(' ')} />
</template>`;
}

export const astroCode = (state: State, key: string, info: ImageInfo): string =>
  `// astro.config.mjs
import { defineConfig } from 'astro/config';

export default defineConfig({ image: { service: { entrypoint: './src/image-service.ts' } } });

// src/image-service.ts
import { baseService } from 'astro/assets';
import { astroService } from 'pixgate/loaders';

export default { ...baseService, ...astroService(${loaderOptions(state, key, ['q'])}) };

// src/pages/index.astro
---
import { Image } from 'astro:assets';
---
<Image ${[...attributesOf(state, info, jsxNumber), ...qualityOf(state)].join(' ')} />`;

export const unpicCode = (state: State, key: string, info: ImageInfo): string =>
  `import { Image } from '@unpic/react/base';
import { unpicTransformer } from 'pixgate/loaders';

const transformer = unpicTransformer(${loaderOptions(state, key, [])});

export const Picture = () => (
  <Image ${attributesOf(state, info, jsxNumber).join(' ')} transformer={transformer} />
);`;
