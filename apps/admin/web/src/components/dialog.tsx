import { Modal, Stack, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A dialog. On narrow screens it takes all of the screen. */
export function Dialog({
  title,
  size = 'lg',
  onClose,
  children,
}: {
  readonly title: string;
  readonly size?: ModalProps['size'];
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size ?? 'lg'}
      closeButtonProps={{ 'aria-label': t('words.close') }}
      closeOnClickOutside={false}
    >
      <Stack>{children}</Stack>
    </Modal>
  );
}
