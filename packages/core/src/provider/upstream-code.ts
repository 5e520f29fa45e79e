import type { ErrorCode } from '../errors/error-codes.ts';

/** What a status says where a provider uses HTTP's meanings; its own words for the error go before this. */
export function upstreamCode(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'upstream_authentication';
    case 402:
    case 403:
      return 'upstream_permission';
    case 404:
      return 'upstream_not_found';
    case 408:
    case 504:
      return 'upstream_timeout';
    case 429:
      return 'upstream_rate_limited';
    case 503:
    case 529:
      return 'upstream_overloaded';
    default:
      return status >= 400 && status < 500 ? 'upstream_bad_request' : 'upstream_error';
  }
}
