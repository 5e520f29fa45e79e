import type { Segment } from './transcript.ts';

/** SubRip: numbered, with a comma before the thousandths. */
export function toSrt(segments: readonly Segment[]): string {
  return segments.map((segment, index) => `${index + 1}\n${cueOf(segment, ',')}\n\n`).join('');
}

/** https://www.w3.org/TR/webvtt1/ */
export function toVtt(segments: readonly Segment[]): string {
  return `WEBVTT\n\n${segments.map((segment) => `${cueOf(segment, '.')}\n\n`).join('')}`;
}

/** An arrow inside of a text would begin another cue, and an empty line would end this one. */
function cueOf({ text, start, end }: Segment, separator: string): string {
  const line = text.replaceAll('-->', '->').replaceAll(/\s+/g, ' ').trim();
  return `${clock(start, separator)} --> ${clock(end, separator)}\n${line}`;
}

function clock(seconds: number, separator: string): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1000));
  const parts = [milliseconds / 3_600_000, (milliseconds / 60_000) % 60, (milliseconds / 1000) % 60].map((part) => padded(Math.floor(part), 2));
  return `${parts.join(':')}${separator}${padded(milliseconds % 1000, 3)}`;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
