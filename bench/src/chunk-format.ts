// The events of the mock's streams: 250 bytes each, with the moment of writing inside the text, so that
// whoever reads one knows how long it was on its way.

export const EVENT_BYTES = 250;
export const STAMP_MARKER = '"content":"@';
export const STAMP_DIGITS = 16;

const HEAD = `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[{"index":0,"delta":{${STAMP_MARKER}`;
const TAIL = '"},"finish_reason":null}]}\n\n';
const STAMP_AT = HEAD.length;

/** Microseconds on the system's monotonic clock, the same in every process. */
export function nowMicros(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanos / 1000);
}

export const eventTemplate: Buffer = Buffer.from(
  HEAD + '0'.repeat(STAMP_DIGITS) + ' and so the text goes on'.repeat(9).slice(0, EVENT_BYTES - HEAD.length - STAMP_DIGITS - TAIL.length) + TAIL,
);

/** Writes `micros` into the event that begins at `at`. */
export function stampEvent(bytes: Buffer, at: number, micros: number): void {
  let rest = micros;
  for (let index = at + STAMP_AT + STAMP_DIGITS - 1; rest > 0; index -= 1) {
    bytes[index] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** The number whose first digit stands at `at`; 0 for an event that was never stamped. */
export function readStamp(bytes: Buffer, at: number): number {
  let micros = 0;
  for (let index = at; index < at + STAMP_DIGITS; index += 1) micros = micros * 10 + (bytes[index] as number) - 48;
  return micros;
}
