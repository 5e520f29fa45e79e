/** One event of a provider's stream, as framed on the wire. */
export type WireEvent = { readonly event: string | undefined; readonly data: string };

/** Whole events out of bytes that were cut anywhere. `wire` is their bytes, where those are server-sent events and hold nothing else. */
export type SplitBytes = { readonly events: readonly WireEvent[]; readonly wire: Uint8Array | undefined };

/** Finds the events in the bytes of one stream. Bounded: it never keeps more than the limit it was made with. */
export type Splitter = {
  /** @throws GatewayError `upstream_invalid_answer` for an event over the limit, or bytes that are no stream of its kind. */
  push(bytes: Uint8Array): SplitBytes;
  /** What is left at the end: some servers leave out what ends the last event. */
  flush(): SplitBytes;
};

export const NOTHING: SplitBytes = { events: [], wire: undefined };
