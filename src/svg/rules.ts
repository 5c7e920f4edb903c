/** What of an SVG is drawn: elements, and the references of each. What is not listed is left out, with all inside of it. */

/** Elements that librsvg draws, or that others refer to. */
export const DRAWN: ReadonlySet<string> = new Set(
  (
    'a circle clipPath defs ellipse feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix ' +
    'feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR ' +
    'feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight ' +
    'feTile feTurbulence filter g image line linearGradient marker mask path pattern polygon polyline radialGradient ' +
    'rect stop style svg switch symbol text textPath tspan use view'
  ).split(' '),
);

/** Elements that are left out, and how the response header names that. Others without a name have no effect on an image. */
export const STRIPPED: Readonly<Record<string, string>> = {
  script: 'script',
  handler: 'script',
  listener: 'script',
  'font-face-uri': 'font',
  'color-profile': 'reference',
  iframe: 'foreign-object',
  video: 'foreign-object',
  audio: 'foreign-object',
};

/** Animation: a browser shows it, librsvg the static image. */
export const ANIMATIONS: ReadonlySet<string> = new Set([
  'animate',
  'animateColor',
  'animateMotion',
  'animateTransform',
  'set',
]);

/** Elements whose reference is an image. */
export const IMAGES: ReadonlySet<string> = new Set(['image', 'feImage']);

/** Elements whose text is drawn. */
export const TEXTS: ReadonlySet<string> = new Set(['text', 'tspan', 'textPath', 'a']);

/** Elements that are drawn where they are, of which `switch` draws one. */
export const GRAPHICS: ReadonlySet<string> = new Set(
  'a circle ellipse foreignObject g image line path polygon polyline rect svg switch text use'.split(' '),
);
