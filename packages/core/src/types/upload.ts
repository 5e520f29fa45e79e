import type { MaybePromise } from './json.ts';

/** Texts of a form by the names of their fields: a list where a name stands more than once. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * A multipart body on its way through: the fields that came before its file, and the bytes that follow.
 * It is not held in memory as a whole unless its order forces it, so it may be sendable only once.
 */
export type Upload = {
  readonly contentType: string;
  readonly fields: FormValues;
  /** Whether {@link Upload.body} may be called (again). */
  readonly isReplayable: boolean;
  /** How the contents of its first file begin, as far as they were held. */
  readonly fileHead?: Uint8Array | undefined;
  /** The whole body with the fields given here in place of the caller's. */
  body(replace: FormValues, options?: FormOptions): AsyncIterable<Uint8Array>;
  /** The form as a whole, held in memory from then on: for who sends its parts in another form than they came in. */
  whole(): Promise<WholeForm>;
};

export type WholeForm = { readonly fields: FormValues; readonly files: readonly UploadedFile[] };

export type UploadedFile = {
  /** The name of its field. */
  readonly field: string;
  readonly fileName?: string | undefined;
  /** As the caller says, or `application/octet-stream`. */
  readonly contentType: string;
  readonly bytes: Buffer;
};

export type FormOptions = {
  /** Lets a part other than those replaced through; one that it does not breaks the body off. */
  readonly mayPass?: MayPass;
  /** Names of fields that are not sent. */
  readonly without?: readonly string[];
  /** Puts other contents in the place of each file's. */
  readonly rewriteFile?: FileRewriter;
};

/** Rewrites the contents of a file as they go by. */
export type FileRewriter = { push(bytes: Uint8Array): MaybePromise<Uint8Array>; end(): MaybePromise<Uint8Array> };

/** Whether a part of a form may be sent that nobody has seen the contents of. */
export type MayPass = (part: { readonly name: string; readonly isFile: boolean }) => boolean;
