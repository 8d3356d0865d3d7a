import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** 0.3 s is what the slowest percentile of calls has to stay under; 60 s is the deadline of a call. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.6, 1, 2.5, 5, 10, 30, 60];

export type Instruments = ReturnType<typeof createInstruments>;

/** Every metric of the gateway, by name. Labels take few values: no ids, and no names that a client makes up. */
export function createInstruments(registry: Registry) {
  return { ...callInstruments(registry), ...upstreamInstruments(registry), ...stateInstruments(registry) };
}

function callInstruments(registry: Registry) {
  const registers = [registry];
  return {
    calls: new Counter({
      name: 'larkgate_calls_total',
      help: 'Tool calls that ended, by tool and outcome.',
      labelNames: ['tool', 'outcome'],
      registers,
    }),
    callsRunning: new Gauge({ name: 'larkgate_calls_running', help: 'Tool calls running now.', registers }),
    callSeconds: new Histogram({
      name: 'larkgate_call_duration_seconds',
      help: 'From the arrival of a tool call to its result, by tool.',
      labelNames: ['tool'],
      buckets,
      registers,
    }),
    limitHits: new Counter({
      name: 'larkgate_limit_hits_total',
      help: 'Requests refused by a limit, by kind of limit.',
      labelNames: ['kind'],
      registers,
    }),
  };
}

function upstreamInstruments(registry: Registry) {
  const registers = [registry];
  return {
    upstreamAnswers: new Counter({
      name: 'larkgate_upstream_answers_total',
      help: 'Exchanges with upstreams, by provider and class of HTTP status; "none": no answer came.',
      labelNames: ['provider', 'status'],
      registers,
    }),
    upstreamSeconds: new Histogram({
      name: 'larkgate_upstream_duration_seconds',
      help: 'From a request to an upstream to its whole answer, by provider.',
      labelNames: ['provider'],
      buckets,
      registers,
    }),
    refreshes: new Counter({
      name: 'larkgate_token_refreshes_total',
      help: 'Refresh tokens spent, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    logins: new Counter({
      name: 'larkgate_logins_total',
      help: 'Attempts to sign in that ended, by way and how.',
      labelNames: ['way', 'state'],
      registers,
    }),
  };
}

function stateInstruments(registry: Registry) {
  const registers = [registry];
  return {
    connections: new Gauge({
      name: 'larkgate_connections',
      help: 'MCP clients connected now, by transport.',
      labelNames: ['transport'],
      registers,
    }),
    signInNeeded: new Gauge({
      name: 'larkgate_accounts_sign_in_needed',
      help: 'Accounts that work again only after a person signs in.',
      registers,
    }),
    notices: new Gauge({
      name: 'larkgate_notices',
      help: 'Standing notices, by level.',
      labelNames: ['level'],
      registers,
    }),
    build: new Gauge({
      name: 'larkgate_build_info',
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node'],
      registers,
    }),
  };
}
