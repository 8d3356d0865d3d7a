import { useEffect, useRef } from 'react';
import styles from './login.module.css';

/** The heading of a step. It takes the focus, so that the keyboard and a screen reader go on from here. */
export function FormHeading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h3 ref={heading} tabIndex={-1} className={styles.head}>
      {children}
    </h3>
  );
}
