import type { ServerResponse } from 'node:http';
import { fail, sendJson, type UpstreamCall } from './wire.ts';

type Line = {
  readonly custom_id: string;
  readonly url: string;
  readonly body: { readonly model: string; readonly messages: readonly { readonly content: string }[] };
};
type Answer = (call: UpstreamCall, res: ServerResponse) => void;

/** Files and batches as OpenAI keeps them. A batch is further on each time it is asked about, and at its third time ended. */
export class FileHost {
  readonly #files = new Map<string, { readonly object: object; readonly bytes: Uint8Array }>();
  readonly #batches = new Map<string, Record<string, unknown> & { asked: number; input: string }>();
  #made = 0;

  /** Who answers, where it is a path of files or batches. */
  route(method: string, path: string): Answer | undefined {
    const [, kind, id, what] = /^\/v1\/(files|batches)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    switch (`${method} ${kind} ${id === undefined ? '' : 'id'} ${what ?? ''}`) {
      case 'POST files  ':
        return (call, res) => sendJson(res, this.#keep(call.files.get('file') ?? new Uint8Array(), 'upload.jsonl', call.body));
      case 'GET files id ':
        return (_, res) => this.#withFile(id, res, ({ object }) => sendJson(res, object));
      case 'GET files id content':
        return (_, res) => this.#withFile(id, res, ({ bytes }) => void res.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes));
      case 'DELETE files id ':
        return (_, res) => this.#withFile(id, res, () => sendJson(res, { id, object: 'file', deleted: this.#files.delete(id ?? '') }));
      case 'POST batches  ':
        return ({ body }, res) => this.#withFile(String(body.input_file_id), res, () => sendJson(res, this.#begin(body)));
      case 'GET batches id ':
        return (_, res) => this.#withBatch(id, res, (batch) => sendJson(res, this.#advance(batch)));
      case 'POST batches id cancel':
        return (_, res) => this.#withBatch(id, res, (batch) => sendJson(res, Object.assign(batch, { status: 'cancelling' })));
      default:
        return undefined;
    }
  }

  #keep(bytes: Uint8Array, filename: string, { purpose, ...others }: UpstreamCall['body']): object {
    const object = {
      id: `file-${++this.#made}`,
      object: 'file',
      bytes: bytes.length,
      created_at: 1_760_000_000,
      filename,
      purpose,
      status: 'processed',
      ...others,
    };
    this.#files.set(object.id, { object, bytes });
    return object;
  }

  #begin(body: UpstreamCall['body']): object {
    const batch = { id: `batch_${++this.#made}`, object: 'batch', ...body, status: 'validating', output_file_id: null, error_file_id: null, asked: 0 };
    this.#batches.set(batch.id, { ...batch, input: String(body.input_file_id) });
    return batch;
  }

  #advance(batch: Record<string, unknown> & { asked: number; input: string }): object {
    batch.asked += 1;
    if (batch.status === 'cancelling') batch.status = 'cancelled';
    else if (batch.asked < 3) batch.status = 'in_progress';
    else if (batch.status !== 'completed') Object.assign(batch, { status: 'completed', output_file_id: this.#answerAll(batch.input) });
    return batch;
  }

  #answerAll(input: string): string {
    const lines = Buffer.from(this.#files.get(input)?.bytes ?? [])
      .toString('utf8')
      .split('\n')
      .filter(Boolean);
    const answers = lines.map((text) => {
      const { custom_id, body } = JSON.parse(text) as Line;
      const choices = [{ index: 0, message: { role: 'assistant', content: `${body.model} heard: ${body.messages.at(-1)?.content}` }, finish_reason: 'stop' }];
      const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 };
      const answer = { id: 'chatcmpl-1', object: 'chat.completion', created: 1_760_000_000, model: body.model, choices, usage };
      return JSON.stringify({ id: 'batch_req_1', custom_id, response: { status_code: 200, request_id: 'r', body: answer }, error: null });
    });
    return (this.#keep(Buffer.from(`${answers.join('\n')}\n`), 'output.jsonl', { purpose: 'batch_output' }) as { id: string }).id;
  }

  #withFile(id = '', res: ServerResponse, answer: (file: { readonly object: object; readonly bytes: Uint8Array }) => void): void {
    const file = this.#files.get(id);
    if (file) answer(file);
    else fail(res, 404, 'invalid_request_error', `No such File object: ${id}`);
  }

  #withBatch(id = '', res: ServerResponse, answer: (batch: Record<string, unknown> & { asked: number; input: string }) => void): void {
    const batch = this.#batches.get(id);
    if (batch) answer(batch);
    else fail(res, 404, 'invalid_request_error', `No batch found with id '${id}'.`);
  }
}
