import { filesOf, textOf } from './checkout';

const folder = 'docs/terminals';

/** Levels and numbers of a page's headings, and how many steps or rows stand below each. */
function outlineOf(file: string): readonly string[] {
  const lines = textOf(file)
    .replace(/```[\s\S]*?```/g, '')
    .split('\n');
  const outline: string[] = [];
  for (const line of lines) {
    const [, level, number] = /^(#+) (\d+\.)?/.exec(line) ?? [];
    if (level) outline.push(`${level} ${number ?? ''}`.trim());
    else if (/^\d+\. /.test(line)) outline.push('step');
    else if (line.startsWith('- ')) outline.push('point');
    else if (line.startsWith('|')) outline.push('row');
  }
  return outline;
}

describe('the pages on terminals', () => {
  const pages = filesOf('.md', folder).filter((file) => !file.endsWith('README.md'));
  const english = pages.filter((file) => !file.endsWith('.ru.md'));

  it('are there in English and Russian', () => {
    expect(english).not.toEqual([]);
    expect(pages.filter((file) => file.endsWith('.ru.md')).sort()).toEqual(english.map((file) => file.replace(/\.md$/, '.ru.md')).sort());
  });

  it.each(english)('%s says as much as its Russian page, in the same order', (file) => {
    expect(outlineOf(file)).toEqual(outlineOf(file.replace(/\.md$/, '.ru.md')));
    expect(outlineOf(file).filter((line) => /^## \d/.test(line))).toEqual([1, 2, 3, 4, 5, 6].map((step) => `## ${step}.`));
  });
});
