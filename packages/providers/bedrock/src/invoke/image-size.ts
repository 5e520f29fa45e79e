import type { JsonObject, Refuse } from '@sluice/core';

const RATIOS = ['16:9', '1:1', '21:9', '2:3', '3:2', '4:5', '5:4', '9:16', '9:21'];

/** `1024x1024` as sides in pixels. */
export function toSides(size: unknown, refuse: Refuse): JsonObject {
  const sides = readSides(size, refuse);
  return sides ? { width: sides[0], height: sides[1] } : {};
}

/** `1024x1024` as the ratio it has, where that is one of the model's. */
export function toAspectRatio(size: unknown, refuse: Refuse): JsonObject {
  const sides = readSides(size, refuse);
  if (!sides) return {};
  const ratio = RATIOS.find((candidate) => {
    const [across = 1, down = 1] = candidate.split(':').map(Number);
    return sides[0] * down === sides[1] * across;
  });
  if (ratio === undefined) refuse('size', `it knows the ratios ${RATIOS.join(', ')}`);
  return ratio === undefined ? {} : { aspect_ratio: ratio };
}

function readSides(size: unknown, refuse: Refuse): readonly [number, number] | undefined {
  if (size === undefined || size === null || size === 'auto') return undefined;
  const [, width, height] = /^(\d{2,5})x(\d{2,5})$/.exec(String(size)) ?? [];
  if (width !== undefined && height !== undefined) return [Number(width), Number(height)];
  refuse('size', 'it is said as 1024x1024');
  return undefined;
}
