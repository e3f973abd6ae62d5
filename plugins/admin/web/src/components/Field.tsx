import { useId, type ComponentProps, type ReactNode } from 'react';
import { useText } from '../i18n/text';
import style from './Field.module.css';

interface Common { label: string; help?: ReactNode; error?: string | null | undefined; optional?: boolean }

function useDescription(help: ReactNode, error: string | null | undefined) {
  const id = useId();
  const describedBy = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;
  return { id, describedBy };
}

function Frame({ id, label, help, error, optional, children }: Common & { id: string; children: ReactNode }) {
  const { t } = useText();
  return (
    <div className={style.field}>
      <label className={style.label} htmlFor={id}>{label}{optional && <span className={style.optional}>{t.common.optional}</span>}</label>
      {children}
      {help && <div className={style.help} id={`${id}-help`}>{help}</div>}
      {error && <div className={style.error} id={`${id}-error`} role="alert">{error}</div>}
    </div>
  );
}

/** A text field with its label, help and error, which are read out together. */
export function TextField({ label, help, error, optional = false, ...rest }: Common & ComponentProps<'input'>) {
  const { id, describedBy } = useDescription(help, error);
  return (
    <Frame {...{ id, label, help, error, optional }}>
      <input {...rest} id={id} className={style.input} aria-describedby={describedBy} aria-invalid={error ? true : undefined} />
    </Frame>
  );
}

export function TextArea({ label, help, error, optional = false, ...rest }: Common & ComponentProps<'textarea'>) {
  const { id, describedBy } = useDescription(help, error);
  return (
    <Frame {...{ id, label, help, error, optional }}>
      <textarea rows={3} {...rest} id={id} className={style.area} aria-describedby={describedBy} aria-invalid={error ? true : undefined} />
    </Frame>
  );
}

export function SelectField({ label, help, error, optional = false, children, ...rest }: Common & ComponentProps<'select'>) {
  const { id, describedBy } = useDescription(help, error);
  return (
    <Frame {...{ id, label, help, error, optional }}>
      <select {...rest} id={id} className={style.input} aria-describedby={describedBy}>{children}</select>
    </Frame>
  );
}

/** A checkbox or a radio button with a text beside it. */
export function Choice({ label, help, type = 'checkbox', ...rest }: { label: ReactNode; help?: ReactNode } & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className={style.choice}>
      <input {...rest} type={type} id={id} aria-describedby={help ? `${id}-help` : undefined} />
      <div>
        <label htmlFor={id}>{label}</label>
        {help && <div className={style.help} id={`${id}-help`}>{help}</div>}
      </div>
    </div>
  );
}

/** Choices that belong together. */
export function Choices({ label, inline = false, children }: { label: string; inline?: boolean; children: ReactNode }) {
  return (
    <fieldset className={style.choices}>
      <legend className={style.label}>{label}</legend>
      <div className={inline ? style.inline : style.stack}>{children}</div>
    </fieldset>
  );
}

/** Fields side by side where there is room. */
export const FieldRow = ({ children }: { children: ReactNode }) => <div className={style.row}>{children}</div>;
export const Fields = ({ children }: { children: ReactNode }) => <div className={style.fields}>{children}</div>;
