import { CloseButton, Group, Modal, Stack, Title, type ModalProps } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogProps {
  readonly title: string;
  readonly size?: ModalProps['size'];
  /** Absent: it can only be ended by what is in it. */
  readonly onClose?: (() => void) | undefined;
  /** Above other dialogs. */
  readonly isAbove?: boolean;
  readonly children: ReactNode;
}

const ABOVE_OTHERS = 500;

/** A dialog with a title. The keyboard stays in it, and goes back to where it was. */
export function Dialog({ title, size = 'lg', onClose, isAbove = false, children }: DialogProps): ReactNode {
  const { t } = useTranslation();
  useFocusReturn();
  return (
    <Modal.Root
      opened
      onClose={onClose ?? (() => undefined)}
      size={size ?? 'lg'}
      closeOnEscape={onClose !== undefined}
      closeOnClickOutside={false}
      {...(isAbove ? { zIndex: ABOVE_OTHERS } : {})}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Mantine's own header would be a second banner of the page. */}
        <Group justify="space-between" wrap="nowrap" px="lg" pt="lg" pb="xs">
          <Modal.Title>
            <Title order={2} component="span">
              {title}
            </Title>
          </Modal.Title>
          {onClose === undefined ? null : <CloseButton aria-label={t('words.close')} onClick={onClose} />}
        </Group>
        <Modal.Body px="lg" pb="lg">
          <Stack>{children}</Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** A dialog is there as long as it is open: when it goes, the keyboard is back where it came from, or at the content if that is gone. */
function useFocusReturn(): void {
  const [origin] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const isThere = origin instanceof HTMLElement && origin.isConnected && origin !== document.body;
      (isThere ? origin : document.getElementById('content'))?.focus();
    },
    [origin],
  );
}
