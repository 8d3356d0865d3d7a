import type { Words } from '../contract/words.ts';
import type { TrayState } from './tray-state.ts';

/** What the icon says. Each face has a shape of its own, so none is told by its colour alone. */
export const trayFaces = ['starting', 'ready', 'attention', 'paused', 'stopped'] as const;

export type TrayFace = (typeof trayFaces)[number];

export function trayFaceOf(state: TrayState): TrayFace {
  if (state.phase !== 'running') return state.phase;
  if (state.paused) return 'paused';
  return concernOf(state) ? 'attention' : 'ready';
}

/** The state in one sentence, for the tooltip and the first line of the menu. */
export function statusOf(state: TrayState): Words {
  switch (trayFaceOf(state)) {
    case 'starting':
      return { zh: '正在启动', en: 'Starting' };
    case 'stopped':
      return { zh: `已停止：${state.why?.zh ?? ''}`, en: `Stopped: ${state.why?.en ?? ''}` };
    case 'paused':
      return { zh: '已暂停，拒绝所有调用', en: 'Paused: every call is refused' };
    case 'attention':
      return concernOf(state) ?? running;
    case 'ready':
      return running;
  }
}

const running: Words = { zh: '正在运行', en: 'Running' };

/** What a person should see to, the worst first. */
function concernOf({ accounts, notices }: TrayState): Words | undefined {
  const lost = accounts.find(({ state }) => state === 'sign_in_needed');
  if (lost) return { zh: `${lost.name} 需要重新登录`, en: `${lost.name} must sign in again` };
  if (accounts.length === 0) return { zh: '还没有人登录飞书', en: 'Nobody is signed in to Feishu' };
  const worst = notices.find(({ level }) => level === 'error') ?? notices.find(({ level }) => level === 'warning');
  return worst?.words;
}
