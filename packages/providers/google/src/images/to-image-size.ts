import { readSides } from '@sluice/core';

/** Only sizes above the usual one are asked for: not every model knows the word. */
export function toImageSize(size: unknown): string | undefined {
  const { width, height } = readSides(size) ?? { width: 0, height: 0 };
  const longest = Math.max(width, height);
  return longest >= 3000 ? '4K' : longest >= 1900 ? '2K' : undefined;
}
