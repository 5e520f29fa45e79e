export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export type JsonObject = { readonly [field: string]: unknown };

/** JSON that is parsed, or written, only when somebody asks for that form. */
export type Json<T> = {
  readonly value: T;
  readonly text: string;
  readonly bytes: Uint8Array;
};

export type MaybePromise<T> = T | Promise<T>;
