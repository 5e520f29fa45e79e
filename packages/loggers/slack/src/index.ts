export { ALERT_TYPES, type AlertType } from './alert.ts';
export { sink } from './package.ts';
export { slackSink, type SlackSinkOptions } from './slack-sink.ts';
