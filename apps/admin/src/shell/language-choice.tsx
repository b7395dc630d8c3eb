import { Button, Menu } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeLanguage } from '../i18n/texts';
import { languages } from '../settings';

/** Each language in its own words. */
const names = { en: 'English', ru: 'Русский' } as const;

/** Chooses the language of the page. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation('shell');
  const now = i18n.language === 'ru' ? 'ru' : 'en';
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconLanguage size={18} aria-hidden />}
          aria-label={`${now.toUpperCase()} (${t('language')}: ${names[now]})`}
        >
          {now.toUpperCase()}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={language === now ? <IconCheck size={16} aria-hidden /> : <span />}
            onClick={() => void changeLanguage(language)}
          >
            {names[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
