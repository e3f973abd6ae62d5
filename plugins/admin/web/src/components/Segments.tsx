import style from './Segments.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: { value: T; label: string; count?: number }[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight: radio buttons that look like one bar. */
export function Segments<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <fieldset className={style.segments}>
      <legend className="visually-hidden">{label}</legend>
      {options.map(option => (
        <label key={option.value} className={style.segment}>
          <input type="radio" className="visually-hidden" name={label} checked={value === option.value} onChange={() => onChange(option.value)} />
          {option.label}{option.count !== undefined && <span className={`${style.count} numeric`}>{option.count}</span>}
        </label>
      ))}
    </fieldset>
  );
}
