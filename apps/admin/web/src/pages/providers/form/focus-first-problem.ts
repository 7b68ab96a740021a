import type { RefObject } from 'react';

/** Brings the keyboard to the first field that has a problem, once that is shown. */
export function focusFirstProblem(place: RefObject<HTMLElement | null>): void {
  requestAnimationFrame(() => {
    const fields = place.current?.querySelectorAll<HTMLElement>('[data-field]') ?? [];
    const first = [...fields].find(
      (field) => field.querySelector('[aria-invalid="true"], [id$="-error"], .mantine-InputError-root, .mantine-Input-error') !== null,
    );
    const target =
      first?.querySelector<HTMLElement>('[aria-invalid="true"]') ??
      first?.querySelector<HTMLElement>('input, textarea, button, [tabindex]');
    target?.focus();
  });
}
