import { GatewayError } from '../../../errors/gateway-error.ts';
import type { LedgerReports } from '../../../types/record.ts';
import type { Desk } from '../../desk.ts';

/** What the ledger tells. @throws GatewayError `ledger_missing`; its calls `store_unavailable`. */
export function reportsOf({ reports }: Desk): LedgerReports {
  if (!reports) throw new GatewayError('ledger_missing', NO_LEDGER);
  return {
    spendBy: (query) => reports.spendBy(query).catch(away),
    calls: (query) => reports.calls(query).catch(away),
  };
}

const NO_LEDGER = 'This gateway does not keep what was spent: give it a `ledger` that reports, such as `sqlLedger({ url })` of @sluice/store-sql';

function away(cause: unknown): never {
  throw new GatewayError('store_unavailable', 'The ledger cannot be read at the moment', { cause, retryable: true });
}
