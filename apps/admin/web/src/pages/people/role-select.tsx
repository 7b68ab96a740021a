import { Select } from '@mantine/core';
import { ROLES, type Role } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Chooses a role, with what it may do. */
export function RoleSelect({
  value,
  onChange,
  label,
  isLabelHidden = false,
  disabled = false,
}: {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
  readonly label: string;
  /** For a cell of a table, whose column has the label. */
  readonly isLabelHidden?: boolean;
  readonly disabled?: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Select
      {...(isLabelHidden ? { 'aria-label': label, size: 'xs' } : { label, description: t(`people.roleHelp.${value}`) })}
      data={ROLES.map((role) => ({ value: role, label: t(`shell.roles.${role}`) }))}
      value={value}
      onChange={(role) => (role === null ? undefined : onChange(role))}
      allowDeselect={false}
      disabled={disabled}
      miw="7rem"
    />
  );
}
