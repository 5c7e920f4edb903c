/** Prepares and draws an SVG of 100 × 50. */
import sharp from 'sharp';
import { prepareSvg } from '../../src/svg/prepare.ts';

export const GREEN = [0, 170, 0];
export const RED = [255, 0, 0];
export const BLUE = [0, 0, 255];
export const CLEAR = [0, 0, 0];

export async function render(inside: string, root = 'width="100" height="50" viewBox="0 0 100 50"') {
  const bytes = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${root}>${inside}</svg>`);
  const { bytes: xml, report } = await prepareSvg(bytes);
  const { data } = await sharp(xml, { density: 96 })
    .resize(100, 50, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * 100 + x) * 4).subarray(0, 3)];
  /** The box around what is drawn: its left, top, right and bottom edge. */
  const ink = () => {
    const points = Array.from({ length: 5000 }, (_, i) => i).filter((i) => (data[i * 4 + 3] ?? 0) > 100);
    const [xs, ys] = [points.map((i) => i % 100), points.map((i) => Math.floor(i / 100))];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  };
  return { at, ink, unsupported: [...report.unsupported], xml: xml.toString() };
}

export const full = (attributes: string) => `<rect width="100" height="50" ${attributes}/>`;
