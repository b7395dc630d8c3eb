import { linkedPage, sectionOf } from './instruction-section';

const page =
  '# PAX Q25\n\nIntroduction.\n\n## 1. Ask the bank\n\nFor a terminal.\n\n### More\n\nText.\n\n## 2. The network\n\nPlug it in.\n\n## 12. Never\n\nX\n';

describe('a section of the instructions', () => {
  it('goes from its heading to the next of the same level', () => {
    expect(sectionOf(page, 1)).toBe('### Ask the bank\n\nFor a terminal.\n\n### More\n\nText.');
  });

  it('is the last one to the end', () => expect(sectionOf(page, 12)).toBe('### Never\n\nX'));

  it('is found by its whole number only', () => expect(sectionOf(page.replace('## 1.', '## 11.'), 1)).toBeNull());
});

describe('a link in the instructions', () => {
  it.each([
    ['usb-cable.md', 'usb-cable'],
    ['usb-cable.ru.md#rights', 'usb-cable'],
  ])('%s leads to a page of them', (href, name) => expect(linkedPage(href)).toBe(name));

  it.each(['https://example.org/a.md', '../RUNBOOK.md', 'javascript:alert(1)', '#top'])('%s does not', (href) => expect(linkedPage(href)).toBeNull());
});
