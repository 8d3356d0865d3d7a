import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { larkHosts } from './base/addresses.ts';
import { systemClock as clock } from './base/clock.ts';
import { EventBus } from './base/event-bus.ts';
import { createHttpClient } from './base/http-client.ts';
import { keepAlive } from './base/keep-alive.ts';
import { Notices } from './base/notices.ts';
import { configSchema } from './contract/config.ts';
import { createLarkIssuer } from './providers/lark/lark-issuer.ts';
import { Apps } from './tokens/apps.ts';
import { renewalJobSchema, writeOutcome } from './tokens/renewal-job.ts';
import { renewAccount } from './tokens/renewal.ts';
import { createSealer } from './tokens/sealed.ts';
import { Vault } from './tokens/vault.ts';

const jobSchema = renewalJobSchema.extend({ lark: configSchema.shape.lark, network: configSchema.shape.network });

const retryMs = 1000;
const patienceMs = 10 * 60_000;

/** Does one renewal to its end, whatever becomes of the gateway that asked for it. */
async function main(): Promise<void> {
  // A server's stop signals reach all its processes; this one is done within seconds and is not to be cut short.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.stdout.on('error', () => {});
  const input = await text(process.stdin);
  // The gateway died before it could say what to do.
  if (input === '') return;
  process.stdout.write(await renew(jobSchema.parse(JSON.parse(input))));
}

async function renew(job: z.infer<typeof jobSchema>): Promise<string> {
  const { dataFolder, masterKeyHex, lark, network, ...request } = job;
  const sealer = createSealer(Buffer.from(masterKeyHex, 'hex'));
  const notices = new Notices(new EventBus(clock), () => clock.now());
  const log = { error: () => {} };
  const vault = await Vault.open({ folder: dataFolder, sealer, clock, notices, log, formerBrand: lark.brand });
  const http = createHttpClient({ clock, ...network });
  const apps = new Apps({
    vault,
    sealer,
    clock,
    issuerFor: (app) => createLarkIssuer({ ...app, http, clock, hosts: larkHosts(app.brand, lark), settings: lark }),
  });
  const issuerOf = apps.issuerOf.bind(apps);
  const outcome = await writeOutcome(() => renewAccount({ vault, sealer, clock, issuerOf }, request));
  await http.close();
  await untilSettled(vault);
  return outcome;
}

/** New tokens that the disk refused exist in this process only. */
async function untilSettled(vault: Vault): Promise<void> {
  const release = keepAlive();
  for (let waited = 0; !vault.settled && waited < patienceMs; waited += retryMs) {
    await clock.sleep(retryMs);
    await vault.sync();
  }
  release();
}

await main();
