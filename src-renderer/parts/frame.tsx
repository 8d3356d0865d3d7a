import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { formatMoment } from '../format.ts';
import type { GatewayView } from '../gateway-feed.ts';
import icon from '../icon.svg';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { common } from '../texts/common.ts';
import { Choices } from './choices.tsx';
import styles from './frame.module.css';

interface FrameProps {
  page: string;
  gateway: GatewayView;
  children: ReactNode;
}

const pages = ['overview', 'accounts', 'tools', 'calls', 'sessions', 'limits', 'settings', 'about'] as const;

/** What is around every page: where one can go, in which language and colours, and whether the picture is old. */
export function Frame({ page, gateway, children }: FrameProps) {
  const { language, t } = useLanguage();
  const title = pages.find((name) => name === page) ?? 'overview';
  useEffect(() => {
    document.title = `${t(common[title])} · LarkGate`;
  }, [t, title]);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content" onClick={focusContent}>
        {t(common.skip)}
      </a>
      <header className={styles.side}>
        <div className={styles.pinned}>
          <div className={styles.brand}>
            <img className={styles.logo} src={icon} alt="" />
            LarkGate
          </div>
          <nav className={styles.nav} aria-label={t(common.pages)}>
            {pages.map((name) => (
              <a
                key={name}
                className={styles.link}
                href={linkTo(name)}
                aria-current={name === title ? 'page' : undefined}
              >
                {t(common[name])}
              </a>
            ))}
          </nav>
          <Choices />
        </div>
      </header>
      {gateway.status === 'stale' && (
        <div className={styles.stale} role="status">
          {t(common.stale(formatMoment(gateway.since, language, Date.now())))}
        </div>
      )}
      <main className={styles.main} id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** The hash names the page, so the link cannot lead to the content by itself. */
function focusContent(click: { preventDefault(): void }): void {
  click.preventDefault();
  document.querySelector<HTMLElement>('#content')?.focus();
}
