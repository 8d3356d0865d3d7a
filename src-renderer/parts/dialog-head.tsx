import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';
import styles from './dialog-head.module.css';

/** The title of a dialog and the button that closes it. Not a header element: a page has one banner. */
export function DialogHead({ children }: { children: ReactNode }) {
  const { t } = useLanguage();
  return (
    <div className={styles.head}>
      <Modal.Title>{children}</Modal.Title>
      <Modal.CloseButton aria-label={t(common.close)} />
    </div>
  );
}
