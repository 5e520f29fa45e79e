import { defineSink, postJson, type Sink } from '@sluice/core';
import { type Alert, ALERT_TYPES, type AlertType, ofBudget, ofOutage, ofRecord, ofRest } from './alert.ts';
import { AlertBoard } from './alert-board.ts';

export type SlackSinkOptions = {
  /** An incoming webhook of Slack's, or of whatever takes its form. */
  readonly webhookUrl: string;
  /** Other ones for single types of alerts. */
  readonly webhookUrls?: Partial<Readonly<Record<AlertType, string>>>;
  /** What is told of. Default: all there is. */
  readonly types?: readonly AlertType[];
  /** From when on a call was slow, in milliseconds. Default 5 minutes. */
  readonly slowAfterMs?: number;
  /** Shortest time between two messages, in milliseconds. Default 10 seconds. */
  readonly everyMs?: number;
  /** How long the same alert is only counted, in milliseconds. Default 10 minutes. */
  readonly repeatAfterMs?: number;
  /** Longest wait for one answer, in milliseconds. Default 4000. */
  readonly timeoutMs?: number;
  /** The sink's name in reports of lost records. Default `slack`. */
  readonly name?: string;
};

/**
 * Alerts in Slack: calls that fail or are slow, budgets, outages, deployments that rest. The same alert is told once and
 * then counted, and there is one message in ten seconds at most.
 *
 * @example
 * createGateway({ sinks: [slackSink({ webhookUrl: process.env.SLACK_WEBHOOK_URL })], budget: { alertAt: [0.8] } });
 */
export function slackSink(options: SlackSinkOptions): Sink {
  const {
    webhookUrl,
    webhookUrls = {},
    types = ALERT_TYPES,
    slowAfterMs = 300_000,
    everyMs = 10_000,
    repeatAfterMs = 600_000,
    timeoutMs = 4000,
    name = 'slack',
  } = options;
  const addressOf = (type: AlertType): string => webhookUrls[type] ?? webhookUrl;
  const board = new AlertBoard({
    everyMs,
    repeatAfterMs,
    addressOf,
    async post(text, type) {
      await postJson(addressOf(type), { body: { text: escaped(text) }, timeoutMs });
    },
  });

  function add(alert: Alert): void {
    if (types.includes(alert.type)) board.add(alert);
  }

  return defineSink({
    name,
    async write(records) {
      for (const record of records) for (const alert of ofRecord(record, slowAfterMs)) add(alert);
      await board.tell();
    },
    async budgetAlert(alert) {
      add(ofBudget(alert));
      await board.tell();
    },
    async outage(outage) {
      add(ofOutage(outage));
      await board.tell();
    },
    tryFailed(failure) {
      const alert = ofRest(failure);
      if (alert) add(alert);
    },
    close: () => board.flush(),
  });
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
