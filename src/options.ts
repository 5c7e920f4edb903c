// Made from schemas/query.json, config.json and keys.json by npm run generate.

/** The parameters of GET /. Names and meanings are those of wsrv.nl where it has them. */
export interface ImageOptions {
  /** API key, or the id of one whose addresses are signed. For a key, a header `x-api-key` or `Authorization: Bearer` does as well. */
  readonly k?: string;
  /** Width of the result, or a percentage of the source's. The height follows the upright aspect ratio. Required unless `h`, `p`, `cw` or `ch` is given, or `f` asks for a fact. In px or %. */
  readonly w?: number | string;
  /** Absolute http(s) address of the picture, percent-encoded once. Without a scheme https is meant. */
  readonly u: string;
  /** Height of the result, or a percentage of the source's. With `w`, both make the box that `fit` works on. In px or %. */
  readonly h?: number | string;
  /** Aspect ratio W:H. With one side given, makes the other; `fit` is then `cover` unless said otherwise. */
  readonly ar?: string;
  /** How the picture is put into `w` × `h`: `inside` and `outside` keep the ratio, `cover` crops, `contain` pads, `fill` stretches. */
  readonly fit?: 'inside' | 'outside' | 'cover' | 'contain' | 'fill';
  /** Without enlargement: a picture smaller than asked keeps its size; a box of `cover`, `contain` or `fill` is made smaller in its own ratio. Drawings (SVG) are always drawn at the asked size. */
  readonly we: boolean;
  /** Device pixel ratio: multiplies `w` and `h`. Lowered where the result would pass the limits. In ×. */
  readonly dpr: number;
  /** Which part stays when `cover` crops, and where the picture stands when `contain` pads; without effect where neither is done. `entropy` and `attention` look for what is interesting (stills; an animation is cropped in its middle). */
  readonly a: 'center' | 'top' | 'right' | 'bottom' | 'left' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'entropy' | 'attention' | 'focal';
  /** Focal point from the left, 0 to 1, kept as near to the middle as can be. Means `a=focal`, whatever `a` says. */
  readonly fpx?: number;
  /** Focal point from the top, 0 to 1. */
  readonly fpy?: number;
  /** Left edge of a rectangle that is cut out after resizing. In px or %. */
  readonly cx?: number | string;
  /** Top edge of it. In px or %. */
  readonly cy?: number | string;
  /** Its width; to the right edge unless given. In px or %. */
  readonly cw?: number | string;
  /** Its height; to the bottom unless given. In px or %. */
  readonly ch?: number | string;
  /** Cut the rectangle out before resizing, in pixels of the upright source. */
  readonly precrop: boolean;
  /** Trim edges whose colour differs by at most this. Without a value: 10. Before resizing; stills only. */
  readonly trim?: number;
  /** Colour to trim; the top left pixel's unless given. */
  readonly tbg?: string;
  /** Colour of the padding of `contain`; transparent unless given, white where the format is not. */
  readonly cbg?: string;
  /** Turn clockwise, after EXIF. Multiples of 90 turn before the size is applied; other angles after it, and the result grows. In °. */
  readonly ro: number;
  /** Colour of the corners that `ro` leaves; transparent unless given. */
  readonly rbg?: string;
  /** Mirror top to bottom, after turning. */
  readonly flip: boolean;
  /** Mirror left to right, after turning. */
  readonly flop: boolean;
  /** Brightness, or brightness,saturation,hue: multipliers 0 to 10, and degrees. */
  readonly mod?: string;
  /** Saturation, a multiplier. In ×. */
  readonly sat?: number;
  /** Hue rotation. In °. */
  readonly hue?: number;
  /** Contrast, linear around mid-grey. */
  readonly con?: number;
  /** Gamma: brightens the middle tones. Without a value: 2.2. */
  readonly gam?: number;
  /** Sharpen, the sigma of its mask. Without a value: 1. */
  readonly sharp?: number;
  /** Sharpening of flat areas. */
  readonly sharpf?: number;
  /** Sharpening of jagged areas. */
  readonly sharpj?: number;
  /** Filter; `duotone` maps dark to `start` and light to `stop`. */
  readonly filt?: 'greyscale' | 'sepia' | 'duotone' | 'negate';
  /** Dark end of `duotone`; C83658 unless given. */
  readonly start?: string;
  /** Light end of `duotone`; D8E74F unless given. */
  readonly stop?: string;
  /** Blur, its sigma in pixels of the result. Without a value: 1. */
  readonly blur?: number;
  /** Tint, with the lightness kept. */
  readonly tint?: string;
  /** Colour behind transparent parts; white where the format has no transparency. */
  readonly bg?: string;
  /** Cut to a shape that fills the result. Outside is transparent, or `mbg`, or white where the format has no transparency. */
  readonly mask?: 'circle' | 'ellipse' | 'triangle' | 'triangle-180' | 'pentagon' | 'pentagon-180' | 'hexagon' | 'square' | 'star' | 'heart';
  /** Colour outside of `mask` or `r`. */
  readonly mbg?: string;
  /** Trim the result to the shape. */
  readonly mtrim: boolean;
  /** Radius of rounded corners in pixels of the result, or `max`. In px. */
  readonly r?: number | string;
  /** Output format. `auto` is WebP where the `Accept` header names it (AVIF where the deployment switches that on), else the picture's own format, else PNG. `json` tells what the source is; `blurhash`, `thumbhash`, `lqip` (a data URL) and `color` are placeholders, as text. */
  readonly f: 'auto' | 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'json' | 'blurhash' | 'thumbhash' | 'lqip' | 'color';
  /** Quality of JPEG, WebP and AVIF, on one scale: the same number looks alike in each. */
  readonly q: number;
  /** Most bytes of the result: the quality is lowered until it fits, at most 4 times and not below 30; the header `Pixgate-Quality` tells how far. In bytes. */
  readonly mb?: number;
  /** Lossless WebP or AVIF. */
  readonly ll: boolean;
  /** Interlaced: progressive JPEG, Adam7 PNG. */
  readonly il: boolean;
  /** Compression level of PNG. Without it and `af` by the picture: photographs have row filters at level 2, which makes them a fifth to a third smaller, drawings and screens level 6 without. `l=6` is level 6 without filters for all. */
  readonly l?: number;
  /** Adaptive row filters of PNG. */
  readonly af: boolean;
  /** Frames that are kept: -1 all that the limits allow, 1 a still. */
  readonly n: number;
  /** First page or frame, from 0; -1 the largest, -2 the smallest page of a TIFF. With it, a still unless `n` is given. */
  readonly page?: number;
  /** How often an animation plays; 0 for ever. */
  readonly loop?: number;
  /** Time of every frame of an animation. In ms. */
  readonly delay?: number;
  /** Metadata that stays: `copyright` keeps artist and copyright, `keep` all, GPS included. */
  readonly meta: 'none' | 'copyright' | 'keep';
  /** The result as a data URL, in text. */
  readonly encoding?: 'base64';
  /** Name to save under, without its extension. */
  readonly filename?: string;
  /** Offer the result for download. */
  readonly dl: boolean;
  /** With `f=json`: also what would be done. */
  readonly explain: boolean;
  /** How long browsers and CDNs may keep the answer: a number and s, m, h, d, w, M (30 days) or y, from 5m to 1y. Unset, as long as the origin says. What the origin lets nobody keep, or no shared cache, stays so. */
  readonly maxage?: string;
  /** Signature of a signed address: HMAC-SHA256 in base64url, over host, path and all other parameters; see Keys. */
  readonly s?: string;
  /** When the address expires, in seconds since 1970; afterwards it is answered with 401. No cache keeps an answer beyond it. Required for a signed address, at most 400 days ahead. In s. */
  readonly exp?: number;
  /** What to show when the picture cannot be had: the address of another one, made in the same way, or `1` for a box of the asked size in the colour of `bg` (light grey unless given). */
  readonly default?: string;
  /** The causes for which `default` is shown, comma-separated: `not-found`, `timeout` (the origin failed or was too slow), `unsupported` (not a picture, damaged, too large). All unless given. */
  readonly defaultfor?: string;
  /** A preset of the deployment: a set of parameters by name. What is given beside it wins. */
  readonly p?: string;
}

/** The environment variables. An empty variable counts as unset. */
export interface Settings {
  /** The keys that may use this deployment: `id:key` pairs, comma-separated, or a JSON list of entries; see Keys. The id goes to the log, the key never. */
  readonly apiKeys?: string;
  /** A file with the same, for the local server only. */
  readonly apiKeysFile?: string;
  /** The name of an SSM parameter with the same. */
  readonly apiKeysSsm?: string;
  /** The name or ARN of a secret in Secrets Manager with the same. */
  readonly apiKeysSecret?: string;
  /** How often a parameter or a secret is read again. In s. */
  readonly apiKeysRefresh: number;
  /** Whether requests without a key are answered. */
  readonly public: 'on' | 'off';
  /** Networks (CIDR, comma-separated) whose addresses may be fetched, on any port, although they are not public. */
  readonly sourceAllowedNetworks: readonly string[];
  /** The only hosts that may be fetched, comma-separated: `example.com`, or `*.example.com` for all below it; with a port, `img.example.com:8080`, that port. Unset for any public host. */
  readonly sourceAllowedHosts: readonly string[];
  /** S3 buckets, comma-separated, whose pictures may be asked for as `u=s3://bucket/key`. */
  readonly sourceAllowedBuckets: readonly string[];
  /** Whether drawings (SVG) are drawn. */
  readonly sourceSvg: 'on' | 'off';
  /** Largest source, unpacked. In bytes. */
  readonly sourceMaxBytes: number;
  /** Largest source picture, width × height, read from its header before it is decoded. In pixels. */
  readonly sourceMaxPixels: number;
  /** The same for AVIF, whose decoder takes several times the memory. In pixels. */
  readonly sourceMaxAvifPixels: number;
  /** Most frames of an animation that are kept; with more, the first ones are. Their pixels together stay within SOURCE_MAX_PIXELS too. In frames. */
  readonly sourceMaxFrames: number;
  /** Most scans of a progressive JPEG, each of which goes over the whole picture. Real ones have about 10. In scans. */
  readonly sourceMaxScans: number;
  /** Most redirects followed to a source. In redirects. */
  readonly sourceMaxRedirects: number;
  /** Longest time for the name look-up and the connection. In ms. */
  readonly sourceConnectTimeout: number;
  /** Longest time a source may send nothing. In ms. */
  readonly sourceIdleTimeout: number;
  /** Longest time for the whole fetch, redirects and body included. In ms. */
  readonly sourceTimeout: number;
  /** Longest time for one drawing (SVG); then its process is killed. In ms. */
  readonly drawingTimeout: number;
  /** Largest `w` or `h` after `dpr`. In px. */
  readonly resultMaxSide: number;
  /** Largest result, width × height. In pixels. */
  readonly resultMaxPixels: number;
  /** How long browsers and CDNs may keep a picture of which neither `maxage` nor the origin says so. In s. */
  readonly resultDefaultAge: number;
  /** Shortest time that browsers and CDNs may keep a picture, whatever the origin says short of `no-store`. In s. */
  readonly resultMinAge: number;
  /** Longest time that browsers and CDNs may keep a picture, whatever the origin or `maxage` says. In s. */
  readonly resultMaxAge: number;
  /** How much longer a picture may be shown while a new one is made (RFC 5861), unless the origin says otherwise. In s. */
  readonly resultStaleWhileRevalidate: number;
  /** How much longer a picture may be shown while its origin fails (RFC 5861), unless the origin says otherwise. In s. */
  readonly resultStaleIfError: number;
  /** Memory of one process for finished pictures; 0 for none. In bytes. */
  readonly resultMemory: number;
  /** Memory of one process for sources, so that the widths of a srcset fetch theirs once, and half as much again for smaller copies by which the large ones are read once; 0 for none. In bytes. */
  readonly sourceMemory: number;
  /** How long a process uses what it remembers before it asks the origin whether that has changed, however long others may keep it: the time that a purge takes. In s. */
  readonly memoryMaxAge: number;
  /** An S3 bucket that all instances share: finished pictures are written to it, and looked for there before any work. Unset for none. */
  readonly resultBucket?: string;
  /** Status of an answer whose picture is that of `default`: `true` for the one that tells what happened, or 200. */
  readonly fallbackStatus: 'true' | '200';
  /** The address of this deployment's streaming front door, named in the 413 of a picture too large for a buffered one. */
  readonly streamingUrl?: string;
  /** Whether `f=auto` chooses AVIF where `Accept` names it, for stills of at most 2 megapixels. Smaller, and several times the CPU of WebP. */
  readonly avifAuto: 'on' | 'off';
  /** Presets for `p`: `name=query` pairs separated by `;`, such as `thumb=w=200&h=200&fit=cover;hero=w=1600`. */
  readonly presets: readonly string[];
  /** Whether only presets may be asked for: nothing but `k`, `u`, `p`, `dpr` and `exp`. */
  readonly presetsOnly: 'on' | 'off';
  /** Other names of this deployment, such as its CDN's, comma-separated: never fetched. The name that a request came to is known anyway. */
  readonly ownHosts: readonly string[];
  /** Most requests in work at once in one process, those that wait included; beyond that the answer is a 503. In requests. */
  readonly maxRequests: number;
  /** Most pictures decoded at once in one process; 0 for one on each vCPU. In pictures. */
  readonly maxDecodes: number;
  /** Longest time for one request on the local server. On Lambda the function's own timeout counts. In ms. */
  readonly deadline: number;
  /** The least serious line that is logged: every answer is `info`, an origin's failure `warn`, a bug `error`. `debug` also tells the causes of callers' errors. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** What the log and the metrics call this deployment. */
  readonly serviceName: string;
  /** CloudWatch's namespace for the metrics that the log lines carry. Unset for none. */
  readonly metricsNamespace?: string;
  /** Address that the local server listens on. */
  readonly host: string;
  /** Port of the local server; 0 takes any free one. */
  readonly port: number;
}

/** An API key and what it may do. Several entries may have one id, as while a key is rotated. */
export interface KeyEntry {
  /** The name by which it is logged, and by which a signed address names it. */
  readonly id: string;
  /** `plain`: the key stands in the address. `signed`: the address names the id and is signed with the secret. */
  readonly mode: 'plain' | 'signed';
  /** Of a plain key: its SHA-256 in hexadecimal digits. The key itself is stored nowhere. */
  readonly sha256?: string;
  /** Of a signed one: at least 16 random bytes in base64url, with or without `pxg_` in front. */
  readonly secret?: string;
  /** When it begins to be valid (RFC 3339). */
  readonly notBefore?: string;
  /** When it ends to be valid (RFC 3339). */
  readonly notAfter?: string;
  /** Refused, and kept for the record. */
  readonly disabled: boolean;
  /** The only hosts that `u` and `default` may name: `example.com`, `*.example.com`, or `s3://bucket`. */
  readonly sources?: readonly string[];
  /** The only sites that may show its pictures, by `Origin` or `Referer`: `https://example.com`, `https://*.example.com`. Against hot-linking only: a program can send any header, and a browser may send none. */
  readonly pages?: readonly string[];
  /** Largest `w` × `dpr`. `w` must then be given, in pixels. In px. */
  readonly maxWidth?: number;
  /** The only values of `w` × `dpr`. */
  readonly widths?: readonly number[];
  /** The only values of `f`; `auto` is one of them. */
  readonly formats?: readonly ('auto' | 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'json' | 'blurhash' | 'thumbhash' | 'lqip' | 'color')[];
  /** The only values of `p`. */
  readonly presets?: readonly string[];
  /** Nothing but `k`, `u`, `p`, `dpr`, `exp` and `s` may be asked for. */
  readonly presetsOnly: boolean;
  /** Longest time that browsers and CDNs may keep its pictures. In s. */
  readonly maxAge?: number;
  /** Most requests a minute, on the local server. On AWS a usage plan or a WAF rule does that. In requests. */
  readonly rate?: number;
}
