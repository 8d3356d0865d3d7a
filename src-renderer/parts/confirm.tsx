import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';
import { useAction } from '../use-action.ts';
import styles from './dialog.module.css';

interface ConfirmProps {
  opened: boolean;
  title: string;
  /** What will be lost. */
  hint: string;
  /** The act, as its button says it. */
  act: string;
  /** What else to look at before one says yes. */
  children?: ReactNode;
  onAct: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ opened, title, hint, act, children, onAct, onClose }: ConfirmProps) {
  const { t } = useLanguage();
  const action = useAction();
  const confirm = () =>
    action.run(async () => {
      await onAct();
      onClose();
    });
  return (
    <Modal.Root opened={opened} onClose={onClose} centered lockScroll={false} transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t(common.close)} />
        </div>
        <Modal.Body>
          <Text mb="md">{hint}</Text>
          {children}
          {action.error && (
            <Alert color="red" role="alert" mb="md">
              {t(action.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t(common.cancel)}
            </Button>
            <Button color="red" loading={action.busy} onClick={() => void confirm()}>
              {act}
            </Button>
          </Group>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
