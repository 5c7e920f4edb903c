/** The URLs of own images, which are in the memory of the local server only. Pure. */

/** Returns the file name of an own image; undefined for any other source. */
export function ownImageName(u: string): string | undefined {
  const [, name] = /^https?:\/\/[^/]+\/samples\/own\/[\da-f-]{36}(?:\/(.*))?$/.exec(u) ?? [];
  try {
    return name && decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Returns the URL of an own image. @param path of the local server, without the name @param name of the file */
export const ownImageUrl = (path: string, samples: string, name: string): string =>
  `${new URL(path, samples).href}/${encodeURIComponent(name.toWellFormed() || 'image')}`;
