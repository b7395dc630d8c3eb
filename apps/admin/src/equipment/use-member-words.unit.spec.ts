import { texts } from '../i18n/en';
import { fieldOf } from './use-member-words';

describe('the words of a changed member', () => {
  it('are those of its field', () => {
    expect(fieldOf('register', 'automaticAcquiring.option')).toEqual({ field: { label: 'acquiring.option', choices: 'acquiring.options' }, rest: '' });
    expect(texts.equipment.acquiring.option).toBe('Acquiring option');
  });

  it('are those of the field whose JSON it stands in, and its path there', () => {
    expect(fieldOf('terminal', 'profile.sbp.by')).toEqual({ field: { label: 'terminals.overrides' }, rest: 'sbp.by' });
  });

  it('are none where no form has it', () => {
    expect(fieldOf('site', 'profile.sbp')).toBeNull();
  });
});
