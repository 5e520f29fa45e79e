import { common, type AiSdkOperation } from '../operation.ts';
import { fitPrompt } from '../model-data.ts';
import { requireVersion } from '../source.ts';
import type { CallOptions } from '../specification.ts';
import { toTold } from '../thrown.ts';
import { errorResponse, jsonResponse } from '../wire-response.ts';
import { BROKEN, streamResponse } from './stream-response.ts';
import { toCallOptions } from './to-call-options.ts';
import { toReply } from './to-reply.ts';

/** Chat by a language model. https://ai-sdk.dev/docs/ai-sdk-core/generating-text */
export const chat: AiSdkOperation<CallOptions> = {
  name: 'chat',
  toOptions(call, ai) {
    const model = ai.languageModel(call.deployment.model);
    requireVersion(model);
    return toCallOptions(call, model);
  },
  async run({ ai, call, options, limits, send }) {
    const { model: name, provider } = call.deployment;
    const model = ai.languageModel(name);
    const given: CallOptions = { ...options, prompt: await fitPrompt(options.prompt, model, provider), ...common({ call, limits }) };
    if (call.request.stream === true) {
      const { stream } = await limits.within(model.doStream(given), send.timeoutMs);
      return streamResponse(stream, { model: name, limits, idleTimeoutMs: send.idleTimeoutMs });
    }
    const result = await limits.within(model.doGenerate(given), send.timeoutMs);
    const broken = BROKEN[result.finishReason.unified];
    return broken === undefined ? jsonResponse(toReply(result, name)) : errorResponse(toTold({ message: broken }));
  },
};
