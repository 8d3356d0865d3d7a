import type { Words } from '../contract/words.ts';
import { type Ask, cancel } from './asking.ts';

/** Whether the person agrees that the master key lies in a file. */
export async function askToKeepInFile(ask: Ask): Promise<boolean> {
  const question = { kind: 'warning', message: plainKeyQuestion, detail: plainKeyMeans } as const;
  return (await ask({ ...question, answers: [keepInFile, cancel] })) === 0;
}

const plainKeyQuestion: Words = {
  zh: '这台电脑没有可用的系统密钥环。要把密钥存放在文件中吗？',
  en: 'This machine has no keyring to use. Keep the key in a file instead?',
};
const plainKeyMeans: Words = {
  zh: '密钥用来加密你的飞书令牌。放在文件里时，能以你的身份读取文件的程序都能解开它。安装并解锁 GNOME Keyring 或 KWallet 后重新启动，密钥会自动改由密钥环保护。',
  en: 'The key encrypts your Feishu tokens. In a file, any program that can read your files can open them. Once GNOME Keyring or KWallet is installed and unlocked, a restart puts the key under its protection.',
};
const keepInFile: Words = { zh: '存放在文件中', en: 'Keep it in a file' };
