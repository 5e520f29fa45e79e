import type { Directory } from '../../directory/directory.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { directoryAway } from '../directory-away.ts';
import type { AuditQuery, AuditRecord, ObjectKind } from '../../types/directory.ts';
import type { InputOf, OutputOf } from '../admin-route.ts';
import type { AUDIT_ROUTES } from '../contract/audit-routes.ts';
import type { Work } from '../desk.ts';
import { csvReply } from './csv.ts';

type Routes = typeof AUDIT_ROUTES;
type Row = OutputOf<Routes['audit.info']>;
type Filters = Omit<InputOf<Routes['audit.export']>, 'format'>;

const BATCH = 500;

/** LiteLLM names its tables, not what is in them. */
const KINDS: Readonly<Record<string, ObjectKind>> = {
  LiteLLM_VerificationToken: 'key',
  LiteLLM_UserTable: 'user',
  LiteLLM_TeamTable: 'team',
  LiteLLM_OrganizationTable: 'organization',
  LiteLLM_ProxyModelTable: 'model',
};

const COLUMNS = [
  'id',
  'updated_at',
  'changed_by',
  'changed_by_api_key',
  'action',
  'table_name',
  'object_id',
  'before_value',
  'updated_values',
  'hash',
] as const;

export const auditWork: Work<Routes> = {
  async 'audit.list'({ input, directory }) {
    const { page, page_size: size, ...filters } = input;
    const [number, length] = [page ?? 1, size ?? 50];
    const rows: Row[] = [];
    let total = 0;
    for await (const record of entries(directory, filters)) {
      if (total >= (number - 1) * length && rows.length < length) rows.push(toRow(record));
      total += 1;
    }
    return { audit_logs: rows, total, page: number, page_size: length, total_pages: Math.ceil(total / length) };
  },

  'audit.export'({ input: { format, ...filters }, directory }) {
    const found = rows(directory, filters);
    return format === 'jsonl' ? { kind: 'bytes', contentType: 'application/x-ndjson', chunks: lines(found) } : csvReply(COLUMNS, found);
  },

  async 'audit.info'({ input: { id }, directory }) {
    const sequence = Number(id);
    const [record] = Number.isSafeInteger(sequence) ? await read(directory, { before: sequence + 1, limit: 1 }) : [];
    if (record?.sequence !== sequence) throw new GatewayError('object_not_found', `There is no entry '${id}'`, { param: 'id' });
    return toRow(record);
  },
};

/** All that the filters let through, newest first, read in batches. */
async function* entries(directory: Directory, filters: Filters): AsyncGenerator<AuditRecord> {
  const { table_name: table, object_id: objectId, changed_by_api_key: keyId, changed_by: by, action, start_date: start, end_date: end } = filters;
  const kind = table ? (KINDS[table] ?? (table as ObjectKind)) : undefined;
  const [from, to] = [start ? Date.parse(start) : -Infinity, end ? Date.parse(end) : Infinity];
  let before: number | undefined;
  for (;;) {
    const batch = await read(directory, {
      limit: BATCH,
      ...(kind && { kind }),
      ...(objectId && { objectId }),
      ...(keyId && { keyId }),
      ...(before !== undefined && { before }),
    });
    for (const record of batch) {
      const at = Date.parse(record.at);
      // Entries come in the order of their making, give or take the clocks of several gateways.
      if (at >= from && at <= to && (!action || record.action === action) && (!by || changedBy(record) === by)) yield record;
    }
    before = batch.at(-1)?.sequence;
    if (before === undefined || batch.length < BATCH) return;
  }
}

async function read(directory: Directory, query: AuditQuery): Promise<readonly AuditRecord[]> {
  try {
    return await directory.auditTrail(query);
  } catch (cause) {
    throw directoryAway(cause);
  }
}

async function* rows(directory: Directory, filters: Filters): AsyncGenerator<Row> {
  for await (const record of entries(directory, filters)) yield toRow(record);
}

async function* lines(found: AsyncIterable<Row>): AsyncGenerator<Uint8Array> {
  for await (const row of found) yield Buffer.from(`${JSON.stringify(row)}\n`);
}

function toRow(record: AuditRecord): Row {
  const { sequence, at, keyId, action, kind, objectId, before, after, hash } = record;
  return {
    id: String(sequence),
    updated_at: at,
    changed_by: changedBy(record),
    changed_by_api_key: keyId,
    action,
    table_name: kind,
    object_id: objectId,
    ...(before && { before_value: before }),
    ...(after && { updated_values: after }),
    hash,
  };
}

function changedBy({ userId, keyId }: AuditRecord): string {
  return userId ?? keyId;
}
