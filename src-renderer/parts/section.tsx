import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './section.module.css';

/** A titled part of a page. `aside` stands at the end of the title's line. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.head}>
        <Title order={2} size="h5">
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}

export function Panel({ children }: { children: ReactNode }) {
  return <div className={styles.panel}>{children}</div>;
}

/** Instead of an empty list: what would be here, and how to get it here. */
export function Empty({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
  return (
    <div className={`${styles.panel} ${styles.empty}`}>
      <strong>{title}</strong>
      <p className={styles.emptyHint}>{hint}</p>
      {children && <div className={styles.emptyAction}>{children}</div>}
    </div>
  );
}
