import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../language.tsx';
import { tryTexts } from '../texts/tool-try.ts';
import styles from './long-text.module.css';

const short = 180;

/** A description; a long one begins, and goes on when asked. */
export function LongText({ text }: { text: string }) {
  const { t } = useLanguage();
  const [whole, setWhole] = useState(false);
  if (text.length <= short) return <span className={styles.text}>{text}</span>;
  return (
    <span className={styles.text}>
      {whole ? text : `${text.slice(0, short).trimEnd()}…`}{' '}
      <UnstyledButton className={styles.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {t(whole ? tryTexts.less : tryTexts.whole)}
      </UnstyledButton>
    </span>
  );
}
