import { GatewayError, type Mapping } from '@sluice/core';
import type { EndpointOf } from './endpoint.ts';
import type { MappedFileOperation } from './host.ts';

/** A question about one file or batch. */
export function objectRequest(endpointOf: EndpointOf, method: 'GET' | 'POST' | 'DELETE'): Mapping['toRequest'] {
  return ({ operation, request, deployment }) => {
    const { url, headers } = endpointOf(deployment);
    return { url: url(operation as MappedFileOperation, String(request.id)), method, headers };
  };
}

/** A file goes on as it comes. https://platform.openai.com/docs/api-reference/files/create */
export function uploadRequest(endpointOf: EndpointOf): Mapping['toRequest'] {
  return ({ upload, deployment }) => {
    if (!upload) throw new GatewayError('invalid_request', 'The form has no file', { param: 'file' });
    const { url, headers } = endpointOf(deployment);
    return { url: url('files.create'), headers: { ...headers, 'content-type': upload.contentType }, body: upload.body({}) };
  };
}

/** The lines of the file say which model they are for. https://platform.openai.com/docs/api-reference/batch/create */
export function batchRequest(endpointOf: EndpointOf): Mapping['toRequest'] {
  return ({ request: { model: _, ...said }, deployment }) => {
    const { url, jsonHeaders } = endpointOf(deployment);
    return { url: url('batches.create'), headers: jsonHeaders, body: JSON.stringify(said) };
  };
}
