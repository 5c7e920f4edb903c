// Made from schemas/query.json and schemas/config.json by npm run generate.

/** The parameters of GET /. Names and meanings are those of wsrv.nl where it has them. */
export interface ImageOptions {
  /** API key. A header `x-api-key` or `Authorization: Bearer` does as well. */
  readonly k?: string;
  /** Width of the result. The height follows the upright aspect ratio. Required unless `h` is given. In px. */
  readonly w?: number;
  /** Absolute http(s) address of the picture, percent-encoded once. Without a scheme https is meant. */
  readonly u: string;
  /** Height of the result. With `w`, both make the box that `fit` works on. In px. */
  readonly h?: number;
  /** How the picture is put into `w` × `h`: `inside` and `outside` keep the ratio, `cover` crops, `contain` pads, `fill` stretches. */
  readonly fit: 'inside' | 'outside' | 'cover' | 'contain' | 'fill';
  /** Device pixel ratio: multiplies `w` and `h`. Lowered where the result would pass the limits. In ×. */
  readonly dpr: number;
  /** Without enlargement: a picture smaller than asked keeps its size. Drawings (SVG) are always drawn at the asked size. */
  readonly we: boolean;
  /** Output format. `auto` is WebP where the `Accept` header names it, else the picture's own format, else PNG. */
  readonly f: 'auto' | 'jpg' | 'png' | 'webp' | 'avif' | 'gif';
  /** Quality of JPEG, WebP and AVIF, on one scale: the same number looks alike in each. */
  readonly q: number;
}

/** The environment variables. An empty variable counts as unset. */
export interface Settings {
  /** The keys that may use this deployment: `id:key` pairs, comma-separated. The id goes to the log, the key never. */
  readonly apiKeys: readonly string[];
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
  /** How long browsers and CDNs may keep a picture. In s. */
  readonly resultMaxAge: number;
  /** Other names of this deployment, such as its CDN's, comma-separated: never fetched. The name that a request came to is known anyway. */
  readonly ownHosts: readonly string[];
  /** Most requests in work at once in one process, those that wait included; beyond that the answer is a 503. In requests. */
  readonly maxRequests: number;
  /** Most pictures decoded at once in one process; 0 for one on each vCPU. In pictures. */
  readonly maxDecodes: number;
  /** Longest time for one request on the local server. On Lambda the function's own timeout counts. In ms. */
  readonly deadline: number;
  /** Address that the local server listens on. */
  readonly host: string;
  /** Port of the local server; 0 takes any free one. */
  readonly port: number;
}
