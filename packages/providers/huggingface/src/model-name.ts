import { type Deployment, GatewayError } from '@sluice/core';

const OWN = 'hf-inference';

/**
 * The model as the router knows it, with the provider behind it. `together/deepseek-ai/DeepSeek-R1`, as files of
 * LiteLLM's have it, is `deepseek-ai/DeepSeek-R1:together`. https://huggingface.co/docs/inference-providers
 */
export function toRouterModel({ model: name }: Deployment): string {
  const [host = '', ...model] = name.split('/');
  return model.length === 2 && !name.includes(':') ? `${model.join('/')}:${host}` : name;
}

/**
 * The model as Hugging Face's own inference knows it.
 * @throws GatewayError `unsupported_operation` for a model at another provider, whose form for anything but chat is its own.
 */
export function toHubModel(deployment: Deployment): string {
  const [model = '', host = OWN] = toRouterModel(deployment).split(':');
  if (host === OWN) return model;
  throw new GatewayError('unsupported_operation', `Provider '${deployment.provider}' has only chats with models at '${host}'`);
}
