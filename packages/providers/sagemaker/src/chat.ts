import type { Mapping } from '@sluice/core';
import { jsonRequest } from '@sluice/openai-wire';
import { type Host, toEndpoint } from './endpoint.ts';
import { PayloadSplitter } from './payload-splitter.ts';
import { errorsOf } from './to-error.ts';

/** Usage is asked for, and is the last that is told: some containers leave `[DONE]` out. */
const COUNTED = /"usage"\s*:\s*\{/;

/** Chat with containers that speak OpenAI's messages, as those of TGI, vLLM and LMI do. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html */
export function chat(host: Host): Mapping {
  return {
    toRequest(call) {
      const endpoint = toEndpoint(host, call.deployment, call.request.stream === true);
      return jsonRequest(() => endpoint, [], { asksForUsage: true })(call);
    },
    framing,
    isEnd: ({ data }) => COUNTED.test(data),
    toError: errorsOf(host.signer),
  };
}

/** Whatever is no JSON: proxies take the type of a binary stream away. */
export function framing(contentType: string, maxEventBytes: number): PayloadSplitter | undefined {
  return contentType.includes('json') || contentType === 'text/event-stream' ? undefined : new PayloadSplitter(maxEventBytes);
}
