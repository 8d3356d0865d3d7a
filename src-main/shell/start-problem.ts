import type { Fault } from '../base/fault.ts';
import type { Words } from '../contract/words.ts';
import { type Ask, quit, tryAgain } from './asking.ts';
import type { PortHolder } from '../base/port-holder.ts';

/** What a person wants done about a gateway that does not start. */
export type StartChoice = { do: 'again' | 'quit' | 'leave' } | { do: 'move'; port: number };

export interface StartProblemParts {
  ask: Ask;
  findPortHolder(port: number): Promise<PortHolder | undefined>;
  findFreePort(taken: number): Promise<number | undefined>;
}

/** Says why the gateway does not start and asks what to do. The port moves only when the person says so. */
export async function askAboutStart(fault: Fault, parts: StartProblemParts): Promise<StartChoice> {
  const port = fault.details?.['port'];
  if (fault.code === 'port_taken' && typeof port === 'number') return askAboutPort(port, parts);
  const answer = await parts.ask({
    kind: 'error',
    message: { zh: 'LarkGate 网关没有启动', en: 'The LarkGate gateway did not start' },
    detail: fault.words,
    answers: [tryAgain, quit, later],
  });
  return { do: (['again', 'quit', 'leave'] as const)[answer] ?? 'leave' };
}

async function askAboutPort(
  port: number,
  { ask, findPortHolder, findFreePort }: StartProblemParts,
): Promise<StartChoice> {
  const [holder, free] = await Promise.all([findPortHolder(port), findFreePort(port)]);
  const move = free === undefined ? [] : [{ zh: `改用端口 ${free}`, en: `Use port ${free}` }];
  const answer = await ask({
    kind: 'error',
    message: portTaken(port, holder),
    detail: movingMeans,
    answers: [tryAgain, ...move, quit, later],
  });
  if (answer === 0) return { do: 'again' };
  if (free !== undefined && answer === 1) return { do: 'move', port: free };
  return { do: answer === 1 + move.length ? 'quit' : 'leave' };
}

function portTaken(port: number, holder: PortHolder | undefined): Words {
  return holder
    ? {
        zh: `端口 ${port} 被 ${holder.name}（进程 ${holder.pid}）占用`,
        en: `Port ${port} is held by ${holder.name} (process ${holder.pid})`,
      }
    : { zh: `端口 ${port} 已被另一个程序占用`, en: `Port ${port} is held by another program` };
}

const movingMeans: Words = {
  zh: '可以关闭那个程序后重试。如果换端口，客户端配置和飞书应用里的重定向 URL 也要一起改。',
  en: 'Close that program and try again. If you move to another port, your client configurations and the redirect URL of your Feishu app must change with it.',
};
const later: Words = { zh: '稍后', en: 'Later' };
