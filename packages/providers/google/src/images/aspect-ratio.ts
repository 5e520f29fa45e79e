import type { Refuse } from '@sluice/core';

const SIZE = /^(\d{2,5})\s*[x×:]\s*(\d{2,5})$/;
const RATIO = /^\d{1,2}:\d{1,2}$/;
/** Models draw 1280 by 896 for 4:3, so that a ratio is met where it is missed by no more than that. */
const TOLERANCE = 0.08;

/** The ratio of `1792x1024` among those that a model draws; `auto` leaves it to the model. */
export function toAspectRatio(size: unknown, ratios: readonly string[], refuse: Refuse): string | undefined {
  if (size === undefined || size === null || size === 'auto') return undefined;
  if (typeof size === 'string' && RATIO.test(size) && ratios.includes(size)) return size;
  const [, width, height] = SIZE.exec(String(size)) ?? [];
  const wanted = Number(width) / Number(height);
  const found = ratios.map((ratio) => ({ ratio, missed: Math.abs(quotientOf(ratio) / wanted - 1) })).sort((one, other) => one.missed - other.missed)[0];
  if (found && found.missed <= TOLERANCE) return found.ratio;
  refuse('size', `pictures are drawn as ${ratios.join(', ')}`);
  return undefined;
}

/** Only sizes above the usual one are asked for: not every model knows the word. */
export function toImageSize(size: unknown): string | undefined {
  const [, width = 0, height = 0] = SIZE.exec(String(size)) ?? [];
  const longest = Math.max(Number(width), Number(height));
  return longest >= 3000 ? '4K' : longest >= 1900 ? '2K' : undefined;
}

function quotientOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}
