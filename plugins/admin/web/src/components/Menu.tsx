import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import style from './Menu.module.css';

/** A menu that a button opens. */
export function Menu({ trigger, children, align = 'end', side = 'bottom' }:
  { trigger: ReactElement; children: ReactNode; align?: 'start' | 'end'; side?: 'bottom' | 'top' }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={style.positioner} align={align} side={side} sideOffset={4} collisionPadding={8}>
          <Base.Popup className={style.popup}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({ icon, danger = false, onClick, children }: { icon?: ReactNode; danger?: boolean; onClick: () => void; children: ReactNode }) {
  return <Base.Item className={`${style.item} ${danger ? style.danger : ''}`} onClick={onClick}>{icon}{children}</Base.Item>;
}

export function MenuLink({ icon, href, download, newTab = false, children }:
  { icon?: ReactNode; href: string; download?: boolean; newTab?: boolean; children: ReactNode }) {
  return (
    <Base.LinkItem className={style.item} href={href} download={download} target={newTab ? '_blank' : undefined} rel={newTab ? 'noopener' : undefined} closeOnClick>
      {icon}{children}
    </Base.LinkItem>
  );
}

export function MenuCheck({ checked, onChange, children }: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  return (
    <Base.CheckboxItem className={style.item} checked={checked} onCheckedChange={onChange} closeOnClick={false}>
      <span className={style.mark}><Base.CheckboxItemIndicator><Check size={15} aria-hidden /></Base.CheckboxItemIndicator></span>{children}
    </Base.CheckboxItem>
  );
}

export function MenuRadios<T extends string>({ label, value, options, onChange }:
  { label: string; value: T; options: readonly { value: T; label: string }[]; onChange: (value: T) => void }) {
  return (
    <Base.Group>
      <Base.GroupLabel className={style.label}>{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChange}>
        {options.map(option => (
          <Base.RadioItem key={option.value} value={option.value} className={style.item} closeOnClick>
            <span className={style.mark}><Base.RadioItemIndicator><Check size={15} aria-hidden /></Base.RadioItemIndicator></span>{option.label}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export const MenuLabel = ({ children }: { children: ReactNode }) => <div className={style.label}>{children}</div>;
export const MenuSeparator = () => <Base.Separator className={style.separator} />;
