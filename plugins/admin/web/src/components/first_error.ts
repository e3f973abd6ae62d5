/** After a form was sent in vain: the first field that is wrong, which may lie out of sight. Its error is drawn by then. */
export function focusFirstError(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
