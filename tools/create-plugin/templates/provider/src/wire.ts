// The wire form that this package begins with. Put the API's own in its place, with a link to its documentation.

export type Turn = { readonly role: string; readonly text: string };

export type Tokens = { readonly read: number; readonly written: number };

/** A whole answer. `stop` is `end` or `length`. */
export type Answer = { readonly id: string; readonly text: string; readonly stop: string; readonly tokens: Tokens };

/** One event of a stream: some text, or the end of it. */
export type Event = { readonly id: string; readonly text?: string; readonly stop?: string; readonly tokens?: Tokens };
