import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../app.ts';
import { systemClock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { faultBodySchema, faultOf } from '../base/fault-body.ts';
import type { Host } from '../base/host.ts';
import { createHttpClient, type HttpClient } from '../base/http-client.ts';
import { readRunFile } from '../base/run-file.ts';
import { equalTexts, Signer } from '../base/signer.ts';
import type { ControlInput, ControlMethod, ControlOutput } from '../contract/control.ts';
import { dashboardCookie } from '../server/dashboard-cookie.ts';
import { helloProof } from '../server/hello-routes.ts';

/** The control API of the gateway on a data folder, wherever it runs. Calls reject with its faults. */
export interface GatewayLink {
  call<M extends ControlMethod>(method: M, input: ControlInput<M>): Promise<ControlOutput<M>>;
  close(): Promise<void>;
}

/** Reaches the gateway that runs on the host's data folder; `open` starts one in this process where none does. */
export async function reachGateway(host: Host, open: () => Promise<App>): Promise<GatewayLink> {
  return (await reachRunning(host)) ?? inProcess(await open());
}

function inProcess(app: App): GatewayLink {
  return {
    call: (method, input) => app.call(method, input),
    close: () => app.close(0),
  };
}

const deadlineMs = 60_000;
const maxBytes = 64 * 1024 * 1024;

/** The gateway that runs on the host's data folder, if one does. */
export async function reachRunning(host: Host): Promise<GatewayLink | undefined> {
  const run = await readRunFile(host.dataFolder);
  if (!run) return undefined;
  const http = createHttpClient({ clock: systemClock });
  const signer = new Signer(await host.masterKey());
  const origin = `http://127.0.0.1:${run.port}`;
  const who = await whoListens(http, signer, run.port);
  if (who !== 'ours') await http.close();
  if (who === 'nobody') return undefined;
  if (who === 'stranger') throw strangerFault(run.port);
  return {
    call: async <M extends ControlMethod>(method: M, input: ControlInput<M>): Promise<ControlOutput<M>> => {
      const answer = await http({
        method: 'POST',
        url: new URL(`/control/${method}`, origin),
        headers: { 'content-type': 'application/json', cookie: dashboardCookie(signer, systemClock.now()) },
        body: JSON.stringify(input),
        deadlineMs,
        maxBytes,
      });
      const body = JSON.parse(answer.body.toString('utf8'));
      const fault = answer.status === 200 ? undefined : faultBodySchema.safeParse(body?.fault).data;
      if (answer.status !== 200) throw fault ? faultOf(fault) : new Fault('upstream_broken');
      return body;
    },
    close: () => http.close(),
  };
}

const helloSchema = z.object({ name: z.literal('larkgate'), proof: z.string() });

/** Whether what listens there holds the key of this data folder. Nothing of ours is sent before that is known. */
async function whoListens(http: HttpClient, signer: Signer, port: number): Promise<'ours' | 'stranger' | 'nobody'> {
  const nonce = randomBytes(32).toString('base64url');
  const url = new URL(`http://127.0.0.1:${port}/hello?nonce=${nonce}`);
  try {
    const { status, body } = await http({ method: 'GET', url, deadlineMs: 5000, maxBytes: 10_000 });
    const hello = status === 200 ? helloSchema.safeParse(JSON.parse(body.toString('utf8'))).data : undefined;
    return hello && equalTexts(hello.proof, helloProof(signer, nonce, port)) ? 'ours' : 'stranger';
  } catch (thrown) {
    // Somebody took the question and hung up: that is not nobody.
    return Fault.from(thrown).details?.['sent'] === false ? 'nobody' : 'stranger';
  }
}

/** Working on the folder beside a gateway that seals with another key would make both lose what the other one wrote. */
function strangerFault(port: number): Fault {
  return new Fault('config_invalid', {
    words: {
      zh: `端口 ${port} 上的程序没有这个数据目录的密钥，没有向它发送任何内容。如果那是用 LARKGATE_KEY 启动的网关，请在这里设置同样的 LARKGATE_KEY；如果网关并没有运行，请删除数据目录里的 gateway.json 后重试。`,
      en: `The program on port ${port} does not hold the key of this data folder; nothing was sent to it. If it is a gateway that was started with LARKGATE_KEY, set the same LARKGATE_KEY here. If no gateway runs, delete gateway.json in the data folder and try again.`,
    },
  });
}
