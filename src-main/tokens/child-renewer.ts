import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Config } from '../contract/config.ts';
import { readOutcome, type Renewer } from './renewal-job.ts';

/** What the child takes over of the environment: nothing in it is secret of ours. */
const inherited = /^(PATH|HOME|USERPROFILE|SYSTEMROOT|TEMP|TMP|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|\w+_PROXY)$/i;

/**
 * Renews in a detached child process, which outlives this one: a renewal is never torn between Feishu's answer and the
 * disk because the gateway was killed. `program` is renew-worker; its secrets go through its standard input.
 */
export function createChildRenewer(program: string, settings: Pick<Config, 'lark' | 'network'>): Renewer {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited.test(name)));
  return async (job) => {
    const child = spawn(process.execPath, [program], {
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env,
    });
    child.unref();
    if (!(await started(child))) return undefined;
    // A child that is gone already is found out by its missing outcome.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify({ ...job, lark: settings.lark, network: settings.network }));
    const said = await text(child.stdout);
    return said === '' ? undefined : readOutcome(said);
  };
}

function started(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
}
