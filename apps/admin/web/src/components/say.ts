import { notifications } from '@mantine/notifications';
import { toApiProblem } from '../api/api-problem.ts';
import { i18n } from '../i18n/i18n.ts';

/** Says something in passing, where no place of the page is its own. It is read out. */
export const say = {
  done(message: string): void {
    notifications.show({ message, color: 'green', role: 'status', closeButtonProps: { 'aria-label': i18n.t('words.close') } });
  },
  problem(error: unknown): void {
    const { detail, suggestion } = toApiProblem(error);
    notifications.show({
      title: i18n.t('problems.other'),
      message: [detail, suggestion].filter((part) => part !== undefined).join(' '),
      color: 'red',
      role: 'alert',
      autoClose: 15_000,
      closeButtonProps: { 'aria-label': i18n.t('words.close') },
    });
  },
};
