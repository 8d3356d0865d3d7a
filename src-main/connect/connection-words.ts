import { Fault } from '../base/fault.ts';
import type { DriftKind, DriftView } from '../contract/connect-views.ts';
import type { Words } from '../contract/words.ts';

type About = (name: string) => Words;

const drifts: Readonly<Record<DriftKind, About>> = {
  removed: (name) => ({
    zh: `${name} 的配置里已经没有 LarkGate 了。重新连接即可恢复。`,
    en: `LarkGate is no longer in the configuration of ${name}. Connect it again to put it back.`,
  }),
  edited: (name) => ({
    zh: `${name} 配置里的 LarkGate 条目被改动过，可能指向别处。请查看差异，确认后用“替换”恢复。`,
    en: `The LarkGate entry of ${name} was edited and may lead elsewhere. Look at the difference, then use Replace to restore it.`,
  }),
  address_changed: (name) => ({
    zh: `LarkGate 的地址变了，${name} 还在用旧的。重新连接即可更新。`,
    en: `The address of LarkGate has changed and ${name} still has the old one. Connect it again to update it.`,
  }),
  key_revoked: (name) => ({
    zh: `${name} 的密钥已被撤销或丢失。重新连接会换一个新的。`,
    en: `The key of ${name} was revoked or is lost. Connect it again to give it a new one.`,
  }),
  unreadable: (name) => ({
    zh: `${name} 的配置文件现在无法读取，可能有格式错误。`,
    en: `The configuration file of ${name} cannot be read right now; it may be broken.`,
  }),
};

export function driftView(kind: DriftKind, name: string, words?: Words): DriftView {
  return { kind, words: words ?? drifts[kind](name) };
}

export const conflictWords: About = (name) => ({
  zh: `${name} 的配置里已有一个名为 larkgate 的条目，不是 LarkGate 写的或被改动过。确认可以替换时，用 --replace 或“替换”。`,
  en: `The configuration of ${name} already has an entry named larkgate that LarkGate did not write or that was edited. If it may go, use --replace or Replace.`,
});

export function conflictFault(name: string, file: string): Fault {
  return new Fault('config_invalid', { words: conflictWords(name), details: { file, reason: 'foreign_entry' } });
}

export function notConnected(name: string): Fault {
  return new Fault('config_invalid', {
    words: {
      zh: `LarkGate 没有连接过 ${name}，没有可以撤销的内容。`,
      en: `LarkGate has not connected ${name}; there is nothing to undo.`,
    },
  });
}

export function noBridge(name: string): Fault {
  return new Fault('config_invalid', {
    words: {
      zh: `${name} 需要 stdio 桥接程序，而这个安装里没有。请重新安装 LarkGate。`,
      en: `${name} needs the stdio bridge, and this installation does not have it. Install LarkGate again.`,
    },
  });
}
