type ErrorCodeEntry = {
  readonly status: number;
  /** The `type` field of an OpenAI-shaped error body. */
  readonly type: string;
  /** What happened, for docs/errors.md. */
  readonly meaning: string;
};

/** Every way a call can be refused or fail. Codes are public and never reused; docs/errors.md lists them all. */
export const ERROR_CODES = {
  configuration_invalid: { status: 500, type: 'configuration_error', meaning: 'The gateway was configured wrongly. Told at start-up, all mistakes at once.' },
  invalid_json: { status: 400, type: 'invalid_request_error', meaning: 'The body is not JSON.' },
  invalid_request: { status: 400, type: 'invalid_request_error', meaning: 'A field is missing or has the wrong form; `param` names it.' },
  body_missing: { status: 400, type: 'invalid_request_error', meaning: 'No body arrived, or something before the gateway has read it and kept nothing.' },
  body_too_large: { status: 413, type: 'invalid_request_error', meaning: 'The body is over the size limit of the gateway or of a body parser before it.' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error', meaning: 'The content type or content encoding is not one this route reads.' },
  unsupported_parameter: { status: 400, type: 'invalid_request_error', meaning: 'The provider cannot honour a parameter; `param` names it.' },
  unsupported_operation: { status: 400, type: 'invalid_request_error', meaning: 'No deployment of this model can do what the route asks for.' },
  model_unpriced: { status: 400, type: 'invalid_request_error', meaning: 'A budget is in force and the model has no price, so its cost could not be held against it.' },
  missing_credentials: { status: 401, type: 'authentication_error', meaning: 'The call carries no key.' },
  invalid_credentials: { status: 401, type: 'authentication_error', meaning: 'The key is not known here.' },
  duplicate_credentials: { status: 401, type: 'authentication_error', meaning: 'The call carries keys in more than one place.' },
  key_expired: { status: 401, type: 'authentication_error', meaning: 'The key was valid once.' },
  key_blocked: { status: 403, type: 'permission_error', meaning: 'The key was blocked by an administrator.' },
  model_not_allowed: { status: 403, type: 'permission_error', meaning: 'The key or the mount point may not use this model.' },
  admin_required: { status: 403, type: 'permission_error', meaning: 'Only an administrator may do this.' },
  budget_exceeded: { status: 402, type: 'budget_exceeded', meaning: 'The budget has no room left for the upper estimate of this call. Retrying does not help.' },
  model_not_found: { status: 404, type: 'not_found_error', meaning: 'No model group has this name.' },
  route_not_found: { status: 404, type: 'not_found_error', meaning: 'The gateway has no such route.' },
  method_not_allowed: { status: 405, type: 'invalid_request_error', meaning: 'The route exists, with another method.' },
  rate_limited: { status: 429, type: 'rate_limit_error', meaning: 'A limit of the key, the mount point or the gateway is reached; `retry-after` says when to come back.' },
  guardrail_blocked: { status: 400, type: 'guardrail_blocked', meaning: 'A guardrail judged the text unfit; `code` is the name of the guardrail.' },
  guardrail_failed: { status: 500, type: 'guardrail_error', meaning: 'A guardrail could not judge, and fails closed.' },
  aborted: { status: 499, type: 'aborted', meaning: 'The caller left before the answer was complete.' },
  internal: { status: 500, type: 'api_error', meaning: 'A defect in the gateway or in a plugin.' },
  store_unavailable: { status: 503, type: 'api_error', meaning: 'The store that holds limits and budgets cannot be reached, and they fail closed.' },
  shutting_down: { status: 503, type: 'api_error', meaning: 'The gateway is closing; another instance can answer.' },
  context_length_exceeded: { status: 400, type: 'invalid_request_error', meaning: 'The request is longer than the model can read.' },
  content_policy_violation: { status: 400, type: 'invalid_request_error', meaning: 'The provider refused the content.' },
  upstream_bad_request: { status: 400, type: 'invalid_request_error', meaning: 'The provider refused the request; the message is the provider\'s.' },
  upstream_authentication: { status: 401, type: 'authentication_error', meaning: 'The provider refused the gateway\'s credential for it.' },
  upstream_permission: { status: 403, type: 'permission_error', meaning: 'The gateway\'s credential may not do this at the provider.' },
  upstream_not_found: { status: 404, type: 'not_found_error', meaning: 'The provider does not know the model or the path.' },
  upstream_rate_limited: { status: 429, type: 'rate_limit_error', meaning: 'The provider limits the gateway, and no other deployment could answer.' },
  upstream_error: { status: 502, type: 'api_error', meaning: 'The provider failed.' },
  upstream_overloaded: { status: 503, type: 'api_error', meaning: 'The provider says that it is overloaded or down for now.' },
  upstream_unreachable: { status: 502, type: 'api_error', meaning: 'No connection to the provider could be made, or it broke before the answer.' },
  upstream_timeout: { status: 504, type: 'timeout_error', meaning: 'The provider did not answer, or went silent, for longer than allowed.' },
  upstream_stream_broken: { status: 502, type: 'api_error', meaning: 'The provider\'s stream broke off before its end. What was delivered before is incomplete.' },
  upstream_invalid_answer: { status: 502, type: 'api_error', meaning: 'The provider\'s answer is not what its API promises.' },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
