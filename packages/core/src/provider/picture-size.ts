import type { Refuse } from './parameter-rules.ts';

export type Sides = { readonly width: number; readonly height: number };

const SIZE = /^(\d{2,5})\s*[x×:]\s*(\d{2,5})$/;
const RATIO = /^\d{1,2}:\d{1,2}$/;
/** Models draw 1280 by 896 for 4:3, so that a ratio is met where it is missed by no more than that. */
const TOLERANCE = 0.08;

/** The sides of `1792x1024`; nothing for `auto`, for a ratio, and for what is no size. */
export function readSides(size: unknown): Sides | undefined {
  if (RATIO.test(String(size))) return undefined;
  const [, width, height] = SIZE.exec(String(size)) ?? [];
  return width === undefined || height === undefined ? undefined : { width: Number(width), height: Number(height) };
}

/** The ratio of `1792x1024`, or of `16:9`, among those that a model draws; `auto` leaves it to the model. */
export function toAspectRatio(size: unknown, ratios: readonly string[], refuse: Refuse): string | undefined {
  if (size === undefined || size === null || size === 'auto') return undefined;
  if (typeof size === 'string' && RATIO.test(size) && ratios.includes(size)) return size;
  const { width, height } = readSides(size) ?? { width: quotientOf(String(size)), height: 1 };
  const wanted = width / height;
  const found = ratios.map((ratio) => ({ ratio, missed: Math.abs(quotientOf(ratio) / wanted - 1) })).sort((one, other) => one.missed - other.missed)[0];
  if (found && found.missed <= TOLERANCE) return found.ratio;
  refuse('size', `pictures are drawn as ${ratios.join(', ')}`);
  return undefined;
}

function quotientOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}
