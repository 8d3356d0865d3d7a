import type { Words } from '../contract/words.ts';

/** Why the bridge answers in the gateway's place. The key is the stable code in the error's data. */
const sentences = {
  gateway_down: {
    zh: 'LarkGate 没有运行，所以飞书工具暂时不可用。请打开 LarkGate（或运行 larkgate serve），然后重试。',
    en: 'LarkGate is not running, so the Feishu tools are not available now. Start LarkGate (or run larkgate serve), then try again.',
  },
  stranger: {
    zh: 'LarkGate 的端口上是另一个程序，没有向它发送任何内容。请退出那个程序并重新启动 LarkGate；仍然如此时，请在 LarkGate 中重新连接这个客户端。',
    en: 'Another program holds the port of LarkGate; nothing was sent to it. Quit that program and start LarkGate again. If it stays so, connect this client anew in LarkGate.',
  },
  key_missing: {
    zh: '这个客户端还没有连接到 LarkGate，或者它的密钥文件会被别人读到。请在 LarkGate 的“连接”页或用 larkgate connect 连接它，然后重新打开客户端。',
    en: 'This client is not connected to LarkGate yet, or others could read its key file. Connect it on the Connect page of LarkGate or with larkgate connect, then open the client again.',
  },
  key_refused: {
    zh: 'LarkGate 拒绝了这个客户端的密钥，它可能已被撤销。请在 LarkGate 的“连接”页重新连接这个客户端。',
    en: 'LarkGate refused the key of this client; it may have been revoked. Connect the client again on the Connect page of LarkGate.',
  },
  outcome_unknown: {
    zh: '请求已经发出，但 LarkGate 在回答之前中断了，操作可能已经生效。请先查询确认，不要直接重发。',
    en: 'The request was sent, but LarkGate broke off before it answered; it may have taken effect. Look before you send it again.',
  },
  too_large: {
    zh: '这条消息太大，LarkGate 不接受。请缩小内容后重试。',
    en: 'This message is too large for LarkGate. Make it smaller and try again.',
  },
  not_understood: {
    zh: 'LarkGate 的回答无法理解。请更新 LarkGate 并重新打开客户端。',
    en: 'The answer of LarkGate cannot be understood. Update LarkGate and open the client again.',
  },
} as const satisfies Record<string, Words>;

export type BridgeTrouble = keyof typeof sentences;

export function wordsOf(trouble: BridgeTrouble): Words {
  return sentences[trouble];
}

/** Both languages: whoever reads it, a model or a person, takes the one they need. */
export function textOf(trouble: BridgeTrouble): string {
  const { zh, en } = sentences[trouble];
  return `${zh}\n${en}`;
}
