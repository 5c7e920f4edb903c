// Generated from schemas/query.json, config.json and keys.json by npm run generate.

/** Version of this package. */
export const VERSION = '0.1.0';

/** The parameters of GET /. Names and meanings follow wsrv.nl where it has them. */
export interface ImageOptions {
  /** API key, or the id of a signing key if the URL is signed. An API key can also be sent as the header `x-api-key` or `Authorization: Bearer`. */
  readonly k?: string;
  /** Width of the output, or a percentage of the source width. The height follows the aspect ratio of the upright image. Required unless `h`, `p`, `cw` or `ch` is given, `f` returns metadata or a placeholder, or the deployment sets `SIZE_REQUIRED=off`. In px or %. */
  readonly w?: number | string;
  /** Absolute http(s) URL of the image, percent-encoded once. Without a scheme, https is assumed. */
  readonly u: string;
  /** Height of the output, or a percentage of the source height. Together, `w` and `h` form the box that `fit` applies to. In px or %. */
  readonly h?: number | string;
  /** Aspect ratio W:H. If only one side is given, the other is computed from it. With `ar`, `fit` defaults to `cover`. */
  readonly ar?: string;
  /** How the image fits into `w` × `h`: `inside` and `outside` keep the aspect ratio, `cover` crops, `contain` pads, `fill` stretches. */
  readonly fit?: 'inside' | 'outside' | 'cover' | 'contain' | 'fill';
  /** Don't upscale: an image smaller than requested keeps its size; the box of `cover`, `contain` or `fill` shrinks in proportion. SVG is always rendered at the requested size. */
  readonly we: boolean;
  /** Device pixel ratio: multiplies `w` and `h`. Lowered if the output would exceed the limits. In ×. */
  readonly dpr: number;
  /** Which part `cover` keeps, and where `contain` places the image; no effect otherwise. `entropy` and `attention` find the most interesting region (still images only; an animation is cropped around its centre). */
  readonly a: 'center' | 'top' | 'right' | 'bottom' | 'left' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'entropy' | 'attention' | 'focal';
  /** Horizontal focal point, from 0 (left) to 1 (right): the crop of `cover` is centred on it as far as the edges allow; `contain` has this share of its padding on the left. Implies `a=focal` and overrides any other `a`. */
  readonly fpx?: number;
  /** Vertical focal point, from 0 (top) to 1 (bottom). */
  readonly fpy?: number;
  /** Left edge of the crop rectangle, which is applied after resizing; or `center` or `right`, where it is placed. An edge beyond the image counts as 0. In px or %. */
  readonly cx?: number | string;
  /** Top edge of the crop rectangle; or `center` or `bottom`, where it is placed. An edge beyond the image counts as 0. In px or %. */
  readonly cy?: number | string;
  /** Width of the crop rectangle, at most to the right edge. If unset, it extends to there. In px or %. */
  readonly cw?: number | string;
  /** Height of the crop rectangle, at most to the bottom edge. If unset, it extends to there. In px or %. */
  readonly ch?: number | string;
  /** Apply the crop rectangle before resizing, in pixels of the upright source. */
  readonly precrop: boolean;
  /** Trim borders whose colour differs by at most this value in each channel; a line or dot of one pixel is no border. Without a value: 10. Applied before resizing; an animation becomes a still image. */
  readonly trim?: number;
  /** Colour to trim. If unset, the colour of the top-left pixel. */
  readonly tbg?: string;
  /** Border around the finished image, outside of `w` × `h`: one to four lengths in the order of CSS (top, right, bottom, left), in pixels that `dpr` multiplies, or in percent of the width (left, right) or height. Added after all other steps but `mark`, in the colour of `cbg`, else of `bg`. In px or %. */
  readonly pad?: string;
  /** Colour of the padding of `contain` and `pad`: a colour, `auto` (the dominant colour of the edges that it touches) or `blur` (the image itself, enlarged and blurred). If unset, transparent, or white if the format has no transparency: under `f=auto`, padding makes no PNG of a JPEG for a client without WebP. */
  readonly cbg?: string;
  /** Clockwise rotation, applied after the EXIF orientation. Multiples of 90 are applied before resizing; other angles after it, which enlarges the output. In °. */
  readonly ro: number;
  /** Colour of the corners left empty by `ro`. If unset, transparent. */
  readonly rbg?: string;
  /** Flip vertically (top to bottom), after rotation. */
  readonly flip: boolean;
  /** Flip horizontally (left to right), after rotation. */
  readonly flop: boolean;
  /** Brightness: adds this percentage of the range to each channel; the first number of `mod` multiplies the lightness. In %. */
  readonly bri?: number;
  /** Brightness, or brightness,saturation,hue: two multipliers from 0 to 10, and the hue rotation in degrees. */
  readonly mod?: string;
  /** Saturation multiplier. In ×. */
  readonly sat?: number;
  /** Hue rotation. In °. */
  readonly hue?: number;
  /** Contrast: a sigmoid curve around mid-grey, which keeps black and white. */
  readonly con?: number;
  /** Gamma: raises each channel, from 0 to 1, to this power, which darkens the midtones. Without a value: 2.2. */
  readonly gam?: number;
  /** Sharpen: the sigma of the Gaussian mask. Without a value: 1. */
  readonly sharp?: number;
  /** Sharpening of flat areas. */
  readonly sharpf?: number;
  /** Sharpening of jagged areas. */
  readonly sharpj?: number;
  /** Colour filter. `greyscale` keeps the luminance; `duotone` maps it to a gradient from `start` to `stop`. */
  readonly filt?: 'greyscale' | 'sepia' | 'duotone' | 'negate';
  /** Dark colour of `duotone`. If unset, C83658. */
  readonly start?: string;
  /** Light colour of `duotone`. If unset, D8E74F. */
  readonly stop?: string;
  /** Gaussian blur: its sigma in pixels of the output. Without a value: 1. */
  readonly blur?: number;
  /** Tint colour: each pixel gets its chroma (CIELAB); the lightness is preserved. */
  readonly tint?: string;
  /** Background colour behind transparent areas. If unset, they stay transparent, or white if the format has no transparency. */
  readonly bg?: string;
  /** Crop to a shape, as large as fits into the output; `hexagon` and `square` stand on a corner. The area outside is transparent, or `mbg`, or white if the format has no transparency. */
  readonly mask?: 'circle' | 'ellipse' | 'triangle' | 'triangle-180' | 'pentagon' | 'pentagon-180' | 'hexagon' | 'square' | 'star' | 'heart';
  /** Colour outside the shape of `mask` or `r`; what is transparent inside stays so. */
  readonly mbg?: string;
  /** Trim the output to the size of the shape, rounded to whole pixels. */
  readonly mtrim: boolean;
  /** Radius of rounded corners in pixels of the output, or `max`. In px. */
  readonly r?: number | string;
  /** Name of a mark of this deployment: a watermark that is drawn last, onto every frame. The policy of a key can require it. */
  readonly mark?: string;
  /** Where the mark is drawn; `tile` repeats it over the output. If unset, as the deployment sets it for this mark, else `bottom-right`. */
  readonly mpos?: 'center' | 'top' | 'right' | 'bottom' | 'left' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'tile';
  /** Width of the mark as a share of the output's width; a mark that would be higher than the output is made smaller. If unset, as the deployment sets it, else 0.2. */
  readonly mscale?: number;
  /** Opacity of the mark, beside its own. If unset, as the deployment sets it, else 1. */
  readonly malpha?: number;
  /** Distance of the mark from the left or right edge in pixels of the output; from the centre, to the right; between tiles. The mark stays inside. If unset, as the deployment sets it, else 0. In px. */
  readonly mx?: number;
  /** The same from the top or bottom edge; from the centre, downwards; between rows of tiles. In px. */
  readonly my?: number;
  /** Output format. `auto` is WebP if the `Accept` header names it (AVIF if this deployment enables it), else the source format, else PNG; `origin` does not look at the header. `json` returns metadata of the source; `blurhash`, `thumbhash`, `lqip` (a data URL) and `color` return a placeholder as text. */
  readonly f: 'auto' | 'origin' | 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'json' | 'blurhash' | 'thumbhash' | 'lqip' | 'color';
  /** Quality of JPEG, WebP and AVIF, on one scale: the same number gives a similar visual quality in each format. From one photograph to another, it varies. */
  readonly q: number;
  /** Maximum output size in bytes: the quality is lowered until the output fits, in at most 4 encodes, fewer for large outputs, and not below 30. The header `Pixgate-Quality` has the quality used. In bytes. */
  readonly mb?: number;
  /** Lossless WebP or AVIF. */
  readonly ll: boolean;
  /** Interlaced output: progressive JPEG or Adam7 PNG. */
  readonly il: boolean;
  /** Compression level of PNG. Without `l` and `af`, chosen by content: photographs use adaptive row filters at level 2, which makes them a fifth to a third smaller; graphics and screenshots use level 6 without filters. `l=6` always means level 6 without filters. */
  readonly l?: number;
  /** Adaptive row filters of PNG. */
  readonly af: boolean;
  /** Number of frames to keep: -1 for all that the limits allow, 1 for a still image. */
  readonly n: number;
  /** First page or frame, counted from 0; of a TIFF (its first 100 pages) or an icon, -1 is the largest and -2 the smallest. Returns a still image unless `n` is given. */
  readonly page?: number;
  /** Number of times an animation plays; 0 means forever. */
  readonly loop?: number;
  /** Delay of every frame of an animation; or a list, of one frame after the other, whose last one holds for all that follow. In ms. */
  readonly delay?: number | string;
  /** `keep` keeps the HDR gain map of a JPEG (Ultra HDR, ISO 21496-1): `f=auto` then returns a JPEG, and displays without HDR show the same image. The header `Pixgate-HDR` says `gain-map`, or why the output is SDR: `sdr=source` (no such map), `format`, `operation` (effects, trim, padding, rotation by other angles, smart crops), `colours` or `bytes`. */
  readonly hdr: 'sdr' | 'keep';
  /** Metadata to keep: `copyright` keeps artist and copyright, `keep` keeps EXIF (GPS included) and XMP, of still images; XMP without what it says of a gain map that is not in the output. */
  readonly meta: 'none' | 'copyright' | 'keep';
  /** Returns the output as a data URL, as text. */
  readonly encoding?: 'base64';
  /** File name to save the image under, without extension. */
  readonly filename?: string;
  /** Sends the image as a download (`Content-Disposition: attachment`). */
  readonly dl: boolean;
  /** With `f=json`: also returns the processing plan. */
  readonly explain: boolean;
  /** How long browsers and CDNs may cache the response: a number followed by s, m, h, d, w, M (30 days) or y, from 5m to 1y. If unset, the origin decides. An origin's `no-store` or `private` is never overridden. */
  readonly maxage?: string;
  /** Version of the source: any text, such as a date or a hash. Another version is another cache entry, for which the source is fetched again; nothing else depends on it. */
  readonly v?: string;
  /** Signature of a signed URL: HMAC-SHA256 in base64url, over the host, the path and all other parameters; see Keys and signed URLs. */
  readonly s?: string;
  /** Expiry time of the URL, in seconds since 1970; after it, the response is a 401. No image is cached beyond it. Required for a signed URL, at most 400 days ahead. In s. */
  readonly exp?: number;
  /** Fallback if the image cannot be returned: the URL of another image, which is processed in the same way, or `1` for a box of the requested size in the colour of `bg` (if unset, light grey). */
  readonly default?: string;
  /** Causes for which `default` is used, comma-separated: `not-found`, `timeout` (the origin failed or was too slow), `unsupported` (not a supported image, corrupt, or too large). If unset, all of them. */
  readonly defaultfor?: string;
  /** Name of a preset of this deployment: a set of parameters. Parameters given beside it override it. */
  readonly p?: string;
}

/** Defaults of the parameters of GET /. */
export const DEFAULTS = {
  we: false,
  dpr: 1,
  a: 'center',
  precrop: false,
  ro: 0,
  flip: false,
  flop: false,
  mtrim: false,
  f: 'auto',
  q: 80,
  ll: false,
  il: false,
  af: false,
  n: -1,
  hdr: 'sdr',
  meta: 'none',
  dl: false,
  explain: false,
} as const;

/** The environment variables. An empty variable counts as unset. */
export interface Settings {
  /** API keys of this deployment: comma-separated `id:key` pairs, or a JSON list of key entries; see Keys and signed URLs. The id is logged, the key never. */
  readonly apiKeys?: string;
  /** File with the same content, for `npm start` and `server.mjs` only. */
  readonly apiKeysFile?: string;
  /** Name of an SSM parameter with the same content. */
  readonly apiKeysSsm?: string;
  /** Name or ARN of a Secrets Manager secret with the same content. */
  readonly apiKeysSecret?: string;
  /** Interval at which parameters and secrets are read again: API keys, and headers for origins. In s. */
  readonly apiKeysRefresh: number;
  /** Whether requests without a key are allowed. */
  readonly allowAnonymous: 'on' | 'off';
  /** Networks (CIDR, comma-separated) that may be fetched on any port although they are not public. A private name of `/etc/hosts` may be, too, if its IP addresses are in them. */
  readonly sourceAllowedNetworks: readonly string[];
  /** Allow-list of source hosts, comma-separated: `example.com`, or `*.example.com` for all its subdomains; `img.example.com:8080` allows that port only. If unset, any public host is allowed. */
  readonly sourceAllowedHosts: readonly string[];
  /** S3 buckets, comma-separated, whose images may be requested as `u=s3://bucket/key`: `photos`, `photos/public` for the keys in that folder, or the ARN of an access point. */
  readonly sourceAllowedBuckets: readonly string[];
  /** Short sources, comma-separated `name=URL` pairs: with `shop=https://cdn.example.com/images/`, `u=shop:cat.jpg` is an image in that folder. The URL is http(s), or `s3://bucket/folder`, which may then be read. The base named `default` is that of `u=/cat.jpg`. See Origins. */
  readonly sourceBases: readonly string[];
  /** Headers that are sent to origins, as a JSON object by host pattern: `{"cdn.example.com": {"Authorization": "Bearer …"}}`. Only a key whose `sources` list the host may use them. See Origins. No value is logged. */
  readonly sourceHeaders?: string;
  /** Name of an SSM parameter with the same content. */
  readonly sourceHeadersSsm?: string;
  /** Name or ARN of a Secrets Manager secret with the same content. */
  readonly sourceHeadersSecret?: string;
  /** Endpoint of `s3:` sources: of another service with the API of S3, such as Cloudflare R2 or MinIO. If unset, that of AWS. */
  readonly sourceS3Endpoint?: string;
  /** Region of `s3:` sources. If unset, that of the function; a bucket of AWS in another region is found anyway. */
  readonly sourceS3Region?: string;
  /** Whether the bucket is in the path of a request and not in its host name, as MinIO and others need it. */
  readonly sourceS3PathStyle: 'on' | 'off';
  /** Whether this deployment pays for the requests to buckets whose requester pays. */
  readonly sourceS3RequesterPays: 'on' | 'off';
  /** Access key of another service than AWS, with SOURCE_S3_SECRET_ACCESS_KEY. If unset, the role of the function is used. */
  readonly sourceS3AccessKeyId?: string;
  /** Secret of that access key. Never logged. */
  readonly sourceS3SecretAccessKey?: string;
  /** Whether SVG sources are rendered. */
  readonly sourceSvg: 'on' | 'off';
  /** Whether HEIC sources, the photographs of phones, are decoded. Needs the optional dependency libheif-js. */
  readonly sourceHeic: 'on' | 'off';
  /** Maximum size of a source, after decompression if it is sent in gzip. In bytes. */
  readonly sourceMaxBytes: number;
  /** Maximum width × height of a source, read from its header before it is decoded. In pixels. */
  readonly sourceMaxPixels: number;
  /** The same for AVIF, whose decoder needs several times the memory. In pixels. */
  readonly sourceMaxAvifPixels: number;
  /** The same for HEIC, whose decoder takes about 0.1 s of CPU per megapixel. In pixels. */
  readonly sourceMaxHeicPixels: number;
  /** Maximum frames of an animated output; of a source with more, frames are dropped evenly. All frames of an output together also stay within SOURCE_MAX_PIXELS, and those that are read within one (PNG), two (WebP) or three (GIF) times that. In frames. */
  readonly sourceMaxFrames: number;
  /** Maximum scans of a progressive JPEG: each of them passes over the whole image. Real files have about 10. In scans. */
  readonly sourceMaxScans: number;
  /** Maximum redirects followed to a source. In redirects. */
  readonly sourceMaxRedirects: number;
  /** Timeout of the DNS lookup and the connection. In ms. */
  readonly sourceConnectTimeout: number;
  /** Timeout while a source sends no data. In ms. */
  readonly sourceIdleTimeout: number;
  /** Timeout of the whole fetch, redirects and body included. In ms. */
  readonly sourceTimeout: number;
  /** Maximum CPU time of rendering one SVG; then, or after four times as long, its process is killed. In ms. */
  readonly svgTimeout: number;
  /** Folder of fonts for text in SVG, beside Open Sans: `.ttf`, `.otf` and `.ttc`; see Fonts. Images are cached by its path. */
  readonly fonts?: string;
  /** Maximum CPU time of decoding one HEIC; then, or after four times as long, its thread is ended. In ms. */
  readonly heicTimeout: number;
  /** Maximum `w` or `h`, after `dpr`. In px. */
  readonly resultMaxSide: number;
  /** Maximum width × height of the output. Formats that take long or much memory to encode have lower ones, for each frame: AVIF 8.8 million, above `q=80` 6.9, with transparency 7.1, lossless AVIF 5, with transparency 3.8, WebP without loss or with transparency 7.1, GIF 12.8, PNG with `l` above 6 17.2. In pixels. */
  readonly resultMaxPixels: number;
  /** How long browsers and CDNs may cache an image if neither `maxage` nor the origin says so. In s. */
  readonly resultDefaultAge: number;
  /** Minimum time that browsers and CDNs may cache an image, whatever the origin says except `no-store`. In s. */
  readonly resultMinAge: number;
  /** Maximum time that browsers and CDNs may cache an image, whatever the origin or `maxage` says. In s. */
  readonly resultMaxAge: number;
  /** How long a stale image may be served while it is revalidated (`stale-while-revalidate`, RFC 5861), unless the origin says otherwise. In s. */
  readonly resultStaleWhileRevalidate: number;
  /** How long a stale image may be served while its origin fails (`stale-if-error`, RFC 5861), unless the origin says otherwise. In s. */
  readonly resultStaleIfError: number;
  /** Size of the image cache of one process, which holds output images; 0 disables it. In bytes. */
  readonly resultMemory: number;
  /** Size of the source cache of one process, so that all widths of a srcset fetch their source once; 0 disables it. Downscaled copies of large sources, which are then decoded once, take half as much again. In bytes. */
  readonly sourceMemory: number;
  /** How long a process uses what it has cached before it revalidates with the origin, even if browsers and CDNs may cache it longer. A purge takes this long to reach every process. In s. */
  readonly memoryMaxAge: number;
  /** S3 bucket shared by all instances as a cache: output images are written to it, and it is read before any work is done. If unset, there is none. */
  readonly resultBucket?: string;
  /** Status of a response with the fallback image of `default`: `true` for the status of the error, or 200. */
  readonly fallbackStatus: 'true' | '200';
  /** URL of the streaming API of this deployment, named in the 413 for an image that is too large for a buffered response. */
  readonly streamingUrl?: string;
  /** Whether a request needs a size. With `off`, `u` alone returns the image at its own size, as wsrv.nl does. */
  readonly sizeRequired: 'on' | 'off';
  /** Whether `f=auto` chooses AVIF if `Accept` names it, for still images that take 2.7 s of CPU at most, as a rule 2.4 megapixels, above `q=80` 1.9. Smaller files, but several times the CPU of WebP. */
  readonly avifAuto: 'on' | 'off';
  /** Quality for clients that send `Save-Data: on`, if neither the query nor its preset has `q`. Responses that depend on it have `Vary: Save-Data`: a CDN in front must have that header in its cache key. If unset, the header is ignored. */
  readonly saveDataQuality?: number;
  /** Presets for `p`: `name=query` pairs separated by `;`, such as `thumb=w=200&h=200&fit=cover;hero=w=1600`. */
  readonly presets: readonly string[];
  /** Whether only presets are allowed: no parameters but `k`, `u`, `p`, `dpr`, `exp` and `s`. */
  readonly presetsOnly: 'on' | 'off';
  /** Presets that the batch function renders unless a message names others, comma-separated; `thumb@2x` is `thumb` with `dpr=2`. If unset, all presets. See Many images at once. */
  readonly batchPresets?: string;
  /** Entry points for which the batch function renders: their limits of a response differ, and with them the images. `streamed`: the CDN and the streaming API; `buffered`: REST and HTTP APIs, and Function URLs without streaming. */
  readonly batchResponses: 'streamed' | 'buffered' | 'both';
  /** Watermarks, as a JSON object by name: `{"logo": {"source": "s3://brand/logo.svg", "mscale": 0.3}}`. `source` is an http(s), `s3://` or data URL, read at start; `mpos`, `mscale`, `malpha`, `mx` and `my` are defaults. See Watermarks. */
  readonly marks?: string;
  /** Name of an SSM parameter with the same content, read at start. */
  readonly marksSsm?: string;
  /** Parameters that other programs add to URLs, comma-separated; a `*` at the end matches any rest. They are dropped before anything else: they are part of neither the cache key nor a signature. A list of one unused name, such as `none`, drops nothing. */
  readonly queryIgnored: readonly string[];
  /** Other resizers whose URLs are accepted, comma-separated: see the migration guide. */
  readonly compat: readonly ('next' | 'cloudflare' | 'ipx' | 'wsrv' | 'imgproxy' | 'thumbor' | 'imagor' | 'dit')[];
  /** Other host names of this deployment, such as its CDN's, comma-separated: never fetched, which prevents loops, and accepted as the host of a signed URL, and of a request to `npm start` or `server.mjs`. The host of the request itself is always included. */
  readonly ownHosts: readonly string[];
  /** Name of a header in which a CDN passes the host of the viewer's request, for signed URLs. It is read only from requests to a Function URL that nobody but this CDN may call, as the template has it. */
  readonly viewerHostHeader?: string;
  /** Whether the CDN of `VIEWER_HOST_HEADER` checks keys and their `pages` itself, at each request. Otherwise no shared cache may store the images of a key with `pages`. */
  readonly edgeKeys: 'on' | 'off';
  /** Maximum concurrent requests in one process, including those that wait; 0 for one per 512 KiB of MAX_WORK_MEMORY. Further ones get a 503, unless their key and their source host have less than an equal share. In requests. */
  readonly maxRequests: number;
  /** Memory for the images in work in one process: one half for sources, one half for pixels. Beyond it a request waits for at most 20 s, then gets a 503; an image that needs more by itself has it alone. 0 for a quarter of the memory of the machine or function, 64 to 512 MiB. In bytes. */
  readonly maxWorkMemory: number;
  /** Maximum images decoded at once in one process, and as many again that take a moment; 0 for one per vCPU. In images. */
  readonly maxDecodes: number;
  /** Timeout of a request to `npm start` or `server.mjs`. On Lambda, the function's own timeout applies. In ms. */
  readonly deadline: number;
  /** Minimum level of the lines that are logged: a response is `info`, a failure of an origin `warn`, a bug `error`. `debug` also logs the causes of client errors, and the requests of each fetch. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Name of this deployment in the log and the metrics. */
  readonly serviceName: string;
  /** CloudWatch namespace of the metrics in the log lines. If unset, there are no metrics. */
  readonly metricsNamespace?: string;
  /** Whether each line of the log has `cpuMs`, the CPU time of the process during the request, so that CPU can be summed by key; see Operations. */
  readonly keyUsage: 'on' | 'off';
  /** IP address that `npm start` or `server.mjs` listens on. */
  readonly host: string;
  /** Port of `npm start` or `server.mjs`; 0 for any free port. */
  readonly port: number;
}

/** An API key and what it may do. Several entries may have the same id, for example while a key is rotated. */
export interface KeyEntry {
  /** Name of the key in the log and in signed URLs. */
  readonly id: string;
  /** `plain`: the URL contains the key. `signed`: the URL contains the id and is signed with the secret. `imgproxy`: a URL of imgproxy, signed with secret and salt; see the migration guide. */
  readonly mode: 'plain' | 'signed' | 'imgproxy';
  /** Of a plain key: its SHA-256 in hexadecimal digits. The key itself is not stored anywhere. */
  readonly sha256?: string;
  /** Of a signing key: at least 16 random bytes in base64url, with or without the prefix `pxg_`; in mode `imgproxy`, the value of `IMGPROXY_KEY`, in hexadecimal digits. */
  readonly secret?: string;
  /** In mode `imgproxy`: the value of `IMGPROXY_SALT`, in hexadecimal digits. */
  readonly salt?: string;
  /** Start of validity (RFC 3339). */
  readonly notBefore?: string;
  /** Expiry time (RFC 3339). */
  readonly notAfter?: string;
  /** Rejects the key; the entry stays for the record. */
  readonly disabled: boolean;
  /** The only hosts that `u` and `default` may name, and that their redirects may lead to: `example.com`, `*.example.com`, `s3://bucket`, `s3://bucket/folder`, or `shop:` for a name of `SOURCE_BASES`. */
  readonly sources?: readonly string[];
  /** The only sites that may show images of this key, by `Origin` or `Referer`: `https://example.com`, `https://*.example.com`. Against hot-linking only: a program can send any header, and a browser may send none. */
  readonly pages?: readonly string[];
  /** Maximum `w` × `dpr`. Makes `w` required, in pixels. In px. */
  readonly maxWidth?: number;
  /** The only values of `w` × `dpr`. */
  readonly widths?: readonly number[];
  /** The only values of `f`; `auto` is one of them. */
  readonly formats?: readonly ('auto' | 'origin' | 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'json' | 'blurhash' | 'thumbhash' | 'lqip' | 'color')[];
  /** The only values of `p`. */
  readonly presets?: readonly string[];
  /** Allows no parameters but `k`, `u`, `p`, `dpr`, `exp` and `s`. */
  readonly presetsOnly: boolean;
  /** Watermark on every image of this key, which no request can drop, move or make smaller: `{"name": "logo"}`, with `mpos`, `mscale`, `malpha`, `mx` and `my` as in `MARKS`. */
  readonly mark?: Readonly<Record<string, unknown>>;
  /** Maximum time that browsers and CDNs may use images of this key, fresh or stale. In s. */
  readonly maxAge?: number;
  /** Maximum requests per minute and process, of `npm start` and `server.mjs`. On AWS, use a usage plan or a WAF rule. In requests. */
  readonly rate?: number;
}
