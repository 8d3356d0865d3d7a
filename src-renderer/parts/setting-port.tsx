import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { PortHolderView } from '../../src-main/contract/settings-views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { settingTexts } from '../texts/settings.ts';
import styles from './setting-field.module.css';

/** While somebody types, half a number is no question. */
const askAfterMs = 250;

/** Whether a port can be had; when it cannot, who has it and which one is free. */
export function SettingPort({ port, onTake }: { port: number; onTake: (port: number) => void }) {
  const { t } = useLanguage();
  const holder = usePortHolder(port);
  if (port === 0) return <div className={styles.port}>{t(settingTexts.portAny)}</div>;
  const { nextFree } = holder ?? { nextFree: null };
  return (
    <div className={styles.port} data-taken={holder?.state === 'taken'} role="status">
      {holder && t(portWords(holder))}
      {nextFree !== null && (
        <Button size="compact-xs" variant="default" onClick={() => onTake(nextFree)}>
          {t(settingTexts.takePort(nextFree))}
        </Button>
      )}
    </div>
  );
}

function portWords({ port, state, holder }: PortHolderView): Words {
  if (state === 'free') return settingTexts.portFree(port);
  if (state === 'self') return settingTexts.portSelf;
  return holder ? settingTexts.portHeld(port, holder.name, holder.pid) : settingTexts.portTaken(port);
}

function usePortHolder(port: number): PortHolderView | null {
  const [view, setView] = useState<PortHolderView | null>(null);
  useEffect(() => {
    setView(null);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      // Without an answer nothing is said: saving checks the port again at the next start.
      callControl('portHolder', { port }, stop.signal).then(
        (answer) => stop.signal.aborted || setView(answer),
        () => {},
      );
    }, askAfterMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [port]);
  return view;
}
