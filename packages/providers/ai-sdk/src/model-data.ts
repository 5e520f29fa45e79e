import { unsupportedParameter } from '@sluice/core';
import type { FileData } from './chat/parts.ts';
import type { LanguageModel, PromptMessage, PromptPart } from './specification.ts';

/** The prompt as the model's version of the specification writes files, once it is sure that the model takes them. */
export async function fitPrompt(prompt: readonly PromptMessage[], model: LanguageModel, provider: string): Promise<PromptMessage[]> {
  const supported = hasAddress(prompt) ? await model.supportedUrls : {};
  return prompt.map((message, index) => {
    if (typeof message.content === 'string') return message;
    const content = message.content.map((part, at) =>
      part.type === 'file' ? fitFile(part, model.specificationVersion, { supported, provider, path: `messages[${index}].content[${at}]` }) : part,
    );
    return { ...message, content };
  });
}

type Fitting = { readonly supported: Readonly<Record<string, readonly RegExp[]>>; readonly provider: string; readonly path: string };

/** Nothing is fetched here: an address goes on only where the model's own host fetches it. */
function fitFile(part: PromptPart, version: 'v3' | 'v4', { supported, provider, path }: Fitting): PromptPart {
  const data = part.data as FileData;
  if (data.type === 'data') return version === 'v4' ? part : { ...part, data: data.data };
  if (!isSupported(data.url, String(part.mediaType), supported))
    throw unsupportedParameter(path, provider, 'its host does not fetch files from this address; give the data');
  const url = new URL(data.url);
  return { ...part, data: version === 'v4' ? { type: 'url', url } : url };
}

function isSupported(url: string, mediaType: string, supported: Fitting['supported']): boolean {
  const [kind = ''] = mediaType.split('/');
  return Object.entries(supported).some(
    ([type, patterns]) =>
      (type === '*/*' || type === '*' || type === mediaType || (type.split('/')[0] === kind && (type.endsWith('/*') || mediaType.endsWith('/*')))) &&
      patterns.some((pattern) => pattern.test(url.toLowerCase())),
  );
}

function hasAddress(prompt: readonly PromptMessage[]): boolean {
  return prompt.some(({ content }) => typeof content !== 'string' && content.some(({ type, data }) => type === 'file' && (data as FileData).type === 'url'));
}
