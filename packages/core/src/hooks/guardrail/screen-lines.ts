import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import { judgedBy, type LineJudge } from '../../pipeline/judged-lines.ts';
import { mapLines } from '../../stream/map-lines.ts';
import type { BytesReply } from '../../types/call.ts';
import type { Guardrail } from '../../types/guardrail.ts';
import type { JsonObject } from '../../types/json.ts';
import type { Bench } from './judge.ts';
import { screenAnswer } from './screen-answer.ts';
import { judgedRequest } from './screen-request.ts';

/** For the requests of a batch, which are judged as they are uploaded. */
export function judgeOfLines(guardrails: readonly Guardrail[], bench: Bench): LineJudge {
  return { names: guardrails.map(({ name }) => name), judge: (operation, request) => judgedRequest(operation, request, guardrails, bench) };
}

/** A batch is begun of requests that everybody has judged who would judge them one by one. @throws GatewayError `invalid_request` */
export function requireJudged(ctx: Context, guardrails: readonly Guardrail[]): void {
  const judges = ctx.get(judgedBy) ?? [];
  const missing = guardrails.find(({ name }) => !judges.includes(name));
  if (missing)
    throw new GatewayError(
      'invalid_request',
      `The guardrail '${missing.name}' has not judged the requests in the file: upload it again to where the batch is begun`,
      {
        param: 'input_file_id',
      },
    );
}

type AnswerLine = JsonObject & { readonly response?: { readonly body?: JsonObject } | null };

/**
 * Answers of a batch as the guardrails leave them: one that is blocked becomes the error that its caller would have got.
 * @throws GatewayError `guardrail_failed`, `upstream_invalid_answer`
 */
export function screenLines(reply: BytesReply, guardrails: readonly Guardrail[], bench: Bench): BytesReply {
  async function screened(text: string): Promise<string> {
    const line = parse(text);
    const { response } = line;
    if (!response?.body) return text;
    try {
      const body = await screenAnswer(response.body, guardrails, bench);
      return body === response.body ? text : JSON.stringify({ ...line, response: { ...response, body } });
    } catch (error) {
      if (!GatewayError.is(error) || error.code !== 'guardrail_blocked') throw error;
      return JSON.stringify({ ...line, response: null, error: { code: error.code, message: error.message } });
    }
  }

  return { ...reply, chunks: mapLines(reply.chunks, screened) };
}

function parse(text: string): AnswerLine {
  try {
    return JSON.parse(text) as AnswerLine;
  } catch (cause) {
    throw new GatewayError('upstream_invalid_answer', 'The output of the batch has a line that is not JSON, which guardrails cannot judge', { cause });
  }
}
