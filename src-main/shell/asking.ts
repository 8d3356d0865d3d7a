import type { Language, Words } from '../contract/words.ts';
import type { ElectronApi } from './electron-api.ts';

export interface Question {
  message: Words;
  detail?: Words;
  kind: 'info' | 'question' | 'warning' | 'error';
  /** The first is what Enter does, the last what Escape does. */
  answers: readonly [Words, ...Words[]];
}

/** Asks in a native dialog; resolves with the place of the answer. */
export type Ask = (question: Question) => Promise<number>;

export function createAsk(electron: Pick<ElectronApi, 'dialog'>, language: () => Language): Ask {
  return async ({ message, detail, kind, answers }) => {
    const say = (words: Words) => words[language()];
    const { response } = await electron.dialog.showMessageBox({
      type: kind,
      title: 'LarkGate',
      message: say(message),
      ...(detail && { detail: say(detail) }),
      buttons: answers.map(say),
      defaultId: 0,
      cancelId: answers.length - 1,
      noLink: true,
    });
    return response;
  };
}

export const close: Words = { zh: '关闭', en: 'Close' };
export const cancel: Words = { zh: '取消', en: 'Cancel' };
export const tryAgain: Words = { zh: '重试', en: 'Try again' };
export const quit: Words = { zh: '退出', en: 'Quit' };
