import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Operation } from '../../types/call.ts';
import type { FormValues, MayPass, Upload } from '../../types/upload.ts';
import type { ModelRequest } from '../../types/chat.ts';
import type { Guardrail } from '../../types/guardrail.ts';
import type { Bench } from './judge.ts';
import { screenValue } from './screen-value.ts';

/**
 * Judges everything a caller says, and puts what was judged in the place of what was received: bytes that
 * another parser could read otherwise (a field given twice, say) go no further.
 * @throws GatewayError `guardrail_blocked`, `guardrail_failed`, `invalid_request`.
 */
export async function screenRequest(ctx: Context, guardrails: readonly Guardrail[], bench: Bench): Promise<void> {
  ctx.request = await judgedRequest(ctx.operation, ctx.request, guardrails, bench);
  if (ctx.upload) ctx.upload = withFields(ctx.upload, await screenValue(ctx.upload.fields, guardrails, bench));
}

/** What a request says, as the guardrails leave it. @throws GatewayError `guardrail_blocked`, `guardrail_failed`, `invalid_request`. */
export async function judgedRequest(operation: Operation, request: ModelRequest, guardrails: readonly Guardrail[], bench: Bench): Promise<ModelRequest> {
  requireWords(operation, request, guardrails);
  const { model, ...said } = request;
  return { model, ...(await screenValue(said, guardrails, bench)) };
}

/** Token ids are text that no guardrail can read. Only when each of them may fail open do they pass. */
function requireWords(operation: Operation, request: ModelRequest, guardrails: readonly Guardrail[]): void {
  const field = operation === 'embeddings' ? 'input' : operation === 'completions' ? 'prompt' : undefined;
  if (field === undefined || !hasNumber(request[field]) || guardrails.every(({ onError }) => onError === 'open')) return;
  throw new GatewayError('invalid_request', `'${field}' holds token ids, which guardrails cannot judge. Send the text instead.`, { param: field });
}

function hasNumber(value: ModelRequest[string]): boolean {
  return Array.isArray(value) ? value.some(hasNumber) : typeof value === 'number';
}

/** Parts whose contents are no words. They may come in any number, and behind the file. */
const WORDLESS_FILES: ReadonlySet<string> = new Set(['file', 'image', 'image[]', 'mask']);
const WORDLESS_LISTS: ReadonlySet<string> = new Set(['include[]', 'timestamp_granularities[]']);

/**
 * The form with its fields as they were judged, and nothing else by their names. A text that nobody has judged, because
 * it stands behind a file that is too large to be held, is not sent.
 */
function withFields(upload: Upload, fields: FormValues): Upload {
  // Of a list without words that was left as it was, the rest may come behind the file.
  const judged = Object.fromEntries(Object.entries(fields).filter(([name, value]) => !WORDLESS_LISTS.has(name) || value !== upload.fields[name]));
  const mayPass: MayPass = ({ name, isFile }) => (isFile ? WORDLESS_FILES : WORDLESS_LISTS).has(name);
  return {
    contentType: upload.contentType,
    fileHead: upload.fileHead,
    fields,
    get isReplayable() {
      return upload.isReplayable;
    },
    body: (replace, options) => upload.body({ ...judged, ...replace }, { ...options, mayPass }),
    async whole() {
      const form = await upload.whole();
      const late = Object.keys(form.fields).filter((name) => String(form.fields[name]) !== String(upload.fields[name]));
      const parts = [...late.map((name) => ({ name, isFile: false })), ...form.files.map(({ field }) => ({ name: field, isFile: true }))];
      const unjudged = parts.find((part) => !mayPass(part));
      if (unjudged) throw new GatewayError('invalid_request', `The form's part '${unjudged.name.slice(0, 40)}' may not stand behind a file`);
      return { ...form, fields: { ...form.fields, ...judged } };
    },
  };
}
