/** Makes a WebP 20 % more expensive, in the process that imports this: it is sharpened, unless effort is set, as in the guard's reference. */
import sharp, { type Sharp, type WebpOptions } from 'sharp';

const { webp } = sharp.prototype;
sharp.prototype.webp = function moreExpensive(this: Sharp, options?: WebpOptions) {
  return webp.call(options?.effort === undefined ? this.sharpen() : this, options);
};
