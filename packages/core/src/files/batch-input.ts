import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import { Context } from '../pipeline/context.ts';
import { lineJudge } from '../pipeline/judged-lines.ts';
import { batchBound, boundTier } from '../pricing/batch-price.ts';
import { costBound } from '../pricing/cost-bound.ts';
import { priceBoundOf } from '../pricing/price-bound.ts';
import { toProviderCall } from '../provider/call-provider.ts';
import type { Mapping } from '../provider/provider.ts';
import { findFault } from '../requests/validate.ts';
import type { ModelOperation, Operation } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { type BatchLine, BatchLines } from './batch-lines.ts';
import { type NamedFilesOptions, openFiles, sharesFiles } from './named-files.ts';
import { ownerOf } from './place-call.ts';

export type BatchInputOptions = NamedFilesOptions & {
  /** How a deployment does an operation. */
  readonly mappingOf: (deployment: Deployment, operation: Operation) => Mapping | undefined;
  /** Output that is counted with for requests that set no limit to it, in tokens. */
  readonly assumedOutputTokens: number;
};

/** The lines of a file on its way up, and what answering them may cost at most, as far as they have come by. */
export type BatchInput = { readonly lines: BatchLines; readonly boundNanoUsd: number };

const OPERATIONS: Readonly<Record<string, ModelOperation>> = {
  '/v1/chat/completions': 'chat',
  '/v1/completions': 'completions',
  '/v1/embeddings': 'embeddings',
  '/v1/moderations': 'moderations',
  '/v1/responses': 'responses',
};

/**
 * Each request of a batch is checked and translated on its way up as it would be by itself: its form, whether the key
 * may use its model, and whether the deployment has that model.
 */
export function batchInput(ctx: Context, deployment: Deployment, options: BatchInputOptions): BatchInput {
  const { models, mappingOf, assumedOutputTokens } = options;
  const bound = priceBoundOf({ name: ctx.group ?? '', deployments: [deployment] }, boundTier);
  let boundNanoUsd = 0;
  let first: string | undefined;
  const judge = ctx.get(lineJudge);

  async function toLine(line: BatchLine, number: number): Promise<string> {
    const refuse = (why: string): never => {
      throw new GatewayError('invalid_request', `Line ${number} of the file: ${why}`, { param: 'file' });
    };
    const { body, url } = line;
    const operation = OPERATIONS[url] ?? refuse(`url has to be one of ${Object.keys(OPERATIONS).join(', ')}`);
    const fault = findFault(operation, body);
    if (fault) refuse(fault.message);
    if (body.stream === true) refuse('a batch has no streams');
    if (body.model !== (first ??= body.model)) refuse(`every request has to name the same model as the first one, '${first}'`);
    if (!mayUse(ctx, first)) refuse(`this key may not use the model '${first}'`);
    if (!models.resolve(first)?.deployments.some(({ id }) => id === deployment.id))
      refuse(`the deployment that the file goes to does not answer for the model '${first}'. Upload it with that as its model`);
    const mapping = mappingOf(deployment, operation) ?? refuse(`'${first}' cannot do '${operation}'`);
    const judged = judge ? await judge.judge(operation, body).catch((error: unknown) => Promise.reject(inLine(number, error))) : body;
    boundNanoUsd += batchBound(costBound({ operation, request: judged }, bound, assumedOutputTokens), deployment.price);
    return JSON.stringify({ ...line, body: bodyFor(mapping, operation, withFiles(judged, refuse)) });
  }

  function withFiles(body: ModelRequest, refuse: (why: string) => never): ModelRequest {
    const { request, files } = openFiles(body, ownerOf(ctx), options);
    const elsewhere = files.find(({ keeper }) => !sharesFiles(keeper, deployment));
    if (elsewhere) refuse(`'${elsewhere.place}' is kept at '${elsewhere.keeper.id}', and the batch is answered by '${deployment.id}'`);
    return request;
  }

  function bodyFor(mapping: Mapping, operation: ModelOperation, request: ModelRequest): JsonObject {
    const { id, source, principal, policy, controller } = ctx;
    const { body } = mapping.toRequest(toProviderCall(new Context({ id, operation, request, source, principal, policy, controller }), deployment, mapping));
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body as Uint8Array).toString('utf8')) as JsonObject;
  }

  return {
    lines: new BatchLines(toLine),
    get boundNanoUsd() {
      return boundNanoUsd;
    },
  };
}

/** What a guardrail says of a line, with the number of that line. */
function inLine(number: number, error: unknown): unknown {
  return GatewayError.is(error) && error.code !== 'aborted' ? error.withMessage(`Line ${number} of the file: ${error.message}`) : error;
}
