/** Seconds, as the file has them, in whole milliseconds. */
export function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
