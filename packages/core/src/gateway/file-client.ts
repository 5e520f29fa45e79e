import { readUpload } from '../http/multipart.ts';
import { formBody, formTexts } from '../provider/upload-body.ts';
import { toFormRequest } from '../requests/form-request.ts';
import type { BytesReply, Operation } from '../types/call.ts';
import type { Upload } from '../types/upload.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { CallOptions } from './call-options.ts';

/** A file to keep, with whatever else the form of `POST /v1/files` has. */
export type FileUpload = {
  readonly file: Uint8Array;
  readonly filename?: string;
  readonly purpose: string;
  /** Whose provider keeps it. Default: `custom_llm_provider`, then the model that the lines of a batch name, then the only provider that takes files. */
  readonly model?: string;
  readonly [field: string]: unknown;
};

export type PageQuery = { readonly limit?: number; readonly after?: string; readonly order?: 'asc' | 'desc'; readonly purpose?: string };

/** Files as `/v1/files` has them. Ids are sealed for the key, or the principal, that a call is made with. */
export type FileClient = {
  create(upload: FileUpload, options?: CallOptions): Promise<JsonObject>;
  list(query?: PageQuery, options?: CallOptions): Promise<JsonObject>;
  retrieve(id: string, options?: CallOptions): Promise<JsonObject>;
  content(id: string, options?: CallOptions): Promise<BytesReply>;
  delete(id: string, options?: CallOptions): Promise<JsonObject>;
};

/** Batches as `/v1/batches` has them. */
export type BatchClient = {
  create(request: JsonObject, options?: CallOptions): Promise<JsonObject>;
  list(query?: PageQuery, options?: CallOptions): Promise<JsonObject>;
  retrieve(id: string, options?: CallOptions): Promise<JsonObject>;
  cancel(id: string, options?: CallOptions): Promise<JsonObject>;
};

/** Makes a call, and gives its answer in the form that the operation has. */
export type Ask = (operation: Operation, request: ModelRequest, options?: CallOptions, upload?: Upload) => Promise<unknown>;

const NO_MODEL: ModelRequest = { model: '' };

export function fileClient(ask: Ask): { readonly files: FileClient; readonly batches: BatchClient } {
  const about = (operation: Operation) => (id: string, options?: CallOptions) => ask(operation, { ...NO_MODEL, id }, options) as Promise<JsonObject>;
  const list =
    (operation: Operation) =>
    (query: PageQuery = {}, options?: CallOptions) =>
      ask(operation, { ...NO_MODEL, ...query }, options) as Promise<JsonObject>;

  async function upload({ file, filename = 'file', ...fields }: FileUpload, options?: CallOptions): Promise<JsonObject> {
    const part = {
      field: 'file',
      fileName: filename,
      contentType: 'application/octet-stream',
      bytes: Buffer.from(file.buffer, file.byteOffset, file.byteLength),
    };
    const { contentType, body: bytes } = formBody(formTexts(fields), [part]);
    const { upload: form } = await readUpload({ kind: 'bytes', bytes }, contentType, { limitBytes: Number.POSITIVE_INFINITY, needsModel: false });
    return ask('files.create', { ...NO_MODEL, ...toFormRequest(form.fields) }, options, form) as Promise<JsonObject>;
  }

  return {
    files: {
      create: upload,
      list: list('files.list'),
      retrieve: about('files.get'),
      content: (id, options) => ask('files.content', { ...NO_MODEL, id }, options) as Promise<BytesReply>,
      delete: about('files.delete'),
    },
    batches: {
      create: (request, options) => ask('batches.create', { ...NO_MODEL, ...request }, options) as Promise<JsonObject>,
      list: list('batches.list'),
      retrieve: about('batches.get'),
      cancel: about('batches.cancel'),
    },
  };
}
