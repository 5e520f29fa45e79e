import { GatewayError } from '../errors/gateway-error.ts';

export type PartName = { readonly name: string; readonly isFile: boolean };

const BOUNDARY = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i;
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)/gy;

/** @throws GatewayError `invalid_request` when the content type names none. */
export function readBoundary(contentType: string): string {
  const match = BOUNDARY.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw malformed('its content type names no boundary');
  return boundary;
}

/**
 * What the headers of a part say of it. Strict where two readers might understand them differently, because the
 * provider reads them again.
 */
export function readPartName(header: string): PartName {
  const lines = header.split(/\r?\n/);
  if (lines.some((line) => /^[ \t]/.test(line))) throw malformed('a header of a part goes over two lines');
  const [disposition, second] = lines.filter((line) => /^content-disposition\s*:/i.test(line));
  if (disposition === undefined) throw malformed('a part has no Content-Disposition');
  if (second !== undefined) throw malformed('a part has two Content-Dispositions');
  return toPartName(disposition.slice(disposition.indexOf(':') + 1).trim());
}

/** What the headers of a part say of the file in it. */
export function readFileHeaders(header: string): { readonly fileName: string | undefined; readonly contentType: string | undefined } {
  const lines = header.split(/\r?\n/);
  return { fileName: readParameters(valueIn(lines, 'content-disposition') ?? '').get('filename'), contentType: valueIn(lines, 'content-type') };
}

function valueIn(lines: readonly string[], name: string): string | undefined {
  const line = lines.find((candidate) => candidate.slice(0, candidate.indexOf(':')).trim().toLowerCase() === name);
  return line?.slice(line.indexOf(':') + 1).trim();
}

function toPartName(disposition: string): PartName {
  const parameters = readParameters(disposition);
  const name = parameters.get('name');
  if (name === undefined || parameters.has('name*')) throw malformed('a part has no plain name');
  return { name, isFile: parameters.has('filename') || parameters.has('filename*') };
}

function readParameters(disposition: string): ReadonlyMap<string, string> {
  const type = 'form-data';
  if (disposition.slice(0, type.length).toLowerCase() !== type) throw malformed("a part is not 'form-data'");
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = type.length;
  let end = type.length;
  for (let match = PARAMETER.exec(disposition); match; match = PARAMETER.exec(disposition)) {
    const key = (match[1] as string).toLowerCase();
    if (parameters.has(key)) throw malformed(`a part has two '${key}' parameters`);
    parameters.set(key, unquote(match[2] as string));
    end = PARAMETER.lastIndex;
  }
  if (!/^[\s;]*$/.test(disposition.slice(end))) throw malformed('a Content-Disposition cannot be read');
  return parameters;
}

/** Browsers write a quote in a name as %22, other software as \". */
function unquote(value: string): string {
  const inner = value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : value;
  return inner.replaceAll(/%22/g, '"').replaceAll(/%0D/gi, '\r').replaceAll(/%0A/gi, '\n');
}

export function malformed(what: string): GatewayError {
  return new GatewayError('invalid_request', `The multipart form is malformed: ${what}`);
}
