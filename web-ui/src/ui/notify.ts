import { notifications } from '@mantine/notifications';
import { ApiProblem } from '../api/problem';

/** For changes made by a button that has no place of its own for an error. */
export function notifyProblem(title: string, cause: unknown) {
  const { code, message, hint } = ApiProblem.from(cause);
  notifications.show({
    title: `${title} (${code})`,
    message: hint ? `${message} ${hint}` : message,
    color: 'red',
    autoClose: 15_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}

export function notifyDone(message: string) {
  notifications.show({
    message,
    color: 'teal',
    autoClose: 4_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
