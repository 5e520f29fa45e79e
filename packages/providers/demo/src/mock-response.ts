import { ConfigurationError, type Deployment, didYouMean, type JsonObject } from '@sluice/core';
import { readExchange } from './recorded-exchange.ts';
import type { ScriptedAnswer } from './scripted-answer.ts';

type Failure = Extract<ScriptedAnswer, { readonly error: unknown }>['error'];

/** LiteLLM's exceptions, as a provider would have said them. */
const EXCEPTIONS: Readonly<Record<string, Failure>> = {
  BadRequestError: { status: 400, message: 'The request is not right' },
  InvalidRequestError: { status: 400, message: 'The request is not right' },
  ContextWindowExceededError: { status: 400, message: 'The request is longer than the model can read', code: 'context_length_exceeded' },
  ContentPolicyViolationError: { status: 400, message: 'The content was refused', code: 'content_filter' },
  AuthenticationError: { status: 401, message: 'The key is not known' },
  PermissionDeniedError: { status: 403, message: 'The key may not do this' },
  NotFoundError: { status: 404, message: 'There is no such model' },
  Timeout: { status: 408, message: 'It took too long' },
  UnprocessableEntityError: { status: 422, message: 'The request cannot be worked on' },
  RateLimitError: { status: 429, message: 'There were too many requests' },
  InternalServerError: { status: 500, message: 'The provider failed' },
  APIError: { status: 500, message: 'The provider failed' },
  BadGatewayError: { status: 502, message: 'The provider failed' },
  APIConnectionError: { status: 502, message: 'The provider failed' },
  ServiceUnavailableError: { status: 503, message: 'The provider is overloaded' },
};

const EXCEPTION = /^(?:litellm\.)?([A-Z]\w*(?:Error|Timeout|Exception)|Timeout)(?::\s*(.*))?$/s;

/** What a deployment is to answer whatever it is asked, as `options.mock_response` says; nothing where it says nothing. */
export function mockOf({ options }: Pick<Deployment, 'options'>): ScriptedAnswer | undefined {
  const mock = options?.mock_response;
  if (typeof mock === 'string') return failureOf(mock) ?? { text: mock };
  if (!isObject(mock)) return undefined;
  return typeof mock.replay === 'string' ? { replay: mock.replay } : { json: mock };
}

/** What is wrong with a deployment's `options.mock_response`, in sentences. */
export function mockProblems({ options }: Deployment): readonly string[] {
  const mock = options?.mock_response;
  if (isObject(mock) && typeof mock.replay === 'string') return fileProblems(mock.replay);
  if (mock === undefined || isObject(mock)) return [];
  if (typeof mock !== 'string') return ['mock_response is a text, a whole answer, { replay: file }, or the name of an exception.'];
  const [, name = ''] = EXCEPTION.exec(mock) ?? [];
  if (name === '' || name === 'Exception' || name in EXCEPTIONS) return [];
  return [`mock_response names the exception '${name}', which is not known. ${didYouMean(name, Object.keys(EXCEPTIONS)) ?? ''}`.trim()];
}

function fileProblems(path: string): readonly string[] {
  try {
    readExchange(path);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ place, message }) => `mock_response: ${place} ${message}`);
    throw error;
  }
}

/** `litellm.RateLimitError`, and `Exception: words` as any failure. */
function failureOf(mock: string): ScriptedAnswer | undefined {
  const [, name = '', words] =
    EXCEPTION.exec(mock) ?? (mock.startsWith('Exception:') ? [mock, 'InternalServerError', mock.slice('Exception:'.length).trim()] : []);
  const failure = EXCEPTIONS[name];
  return failure && { error: { ...failure, ...(words !== undefined && words !== '' && { message: words }) } };
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
