import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

const choices = ['light', 'dark', 'auto'] as const;
const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop } as const;

/** Chooses light, dark, or what the system says. */
export function SchemeChoice() {
  const { t } = useTranslation('shell');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = icons[colorScheme];
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${t('scheme')}: ${t(`schemes.${colorScheme}`)}`}>
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item key={choice} leftSection={choice === colorScheme ? <IconCheck size={16} aria-hidden /> : <span />} onClick={() => setColorScheme(choice)}>
            {t(`schemes.${choice}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
