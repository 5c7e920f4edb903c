/** A change that makes a WebP a fifth dearer, for who loads it: it is sharpened, but where effort is named, as in the guard's reference. */
import sharp, { type Sharp, type WebpOptions } from 'sharp';

const { webp } = sharp.prototype;
sharp.prototype.webp = function dearer(this: Sharp, options?: WebpOptions) {
  return webp.call(options?.effort === undefined ? this.sharpen() : this, options);
};
