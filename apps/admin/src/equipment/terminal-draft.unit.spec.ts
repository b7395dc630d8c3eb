import { bankFaults, bankOfDraft, draftOfBank } from './bank-draft';
import { changesOfDraft, linkDraftOf, valuesOfText } from './terminal-draft';

const nothing = { terminalId: '', merchantId: '', entity: '', inn: '', account: '', bik: '' };

describe('a draft of a terminal', () => {
  it('is sent with its overrides as values', () => {
    expect(changesOfDraft({ name: 'Bar', profile: '{"abort":"none"}' })).toEqual({ name: 'Bar', profile: { abort: 'none' } });
  });

  it.each(['{', '[]', '1', 'null', 'text'])('is not sent with overrides like %s', (profile) => expect(changesOfDraft({ profile })).toBeNull());

  it('takes no text for no overrides', () => expect(valuesOfText(' \n')).toEqual({}));

  it('needs a link test only where the link depends on it', () => {
    const transport = { kind: 'tcp', mode: 'connect', host: 'a', port: 1 } as const;
    expect(linkDraftOf({ name: 'Bar', enabled: false })).toBeNull();
    expect(linkDraftOf({ name: 'Bar', transport })).toEqual({ transport });
    expect(linkDraftOf({ profileId: null })).toEqual({ profileId: null });
  });
});

describe('what the bank knows a terminal by', () => {
  it('is nothing where nothing was typed', () => {
    expect(bankOfDraft(nothing)).toEqual({ terminalId: null, merchantId: null, legalEntity: null, settlementAccount: null });
  });

  it('comes back as it was typed', () => {
    const draft = { terminalId: 'T1', merchantId: 'M1', entity: 'OOO Club', inn: '7707083893', account: '40702810900000002851', bik: '' };
    expect(draftOfBank(bankOfDraft(draft))).toEqual(draft);
  });

  it.each([
    [{ inn: '7707083894' }, ['inn']],
    [{ inn: '7707083893' }, []],
    [{ account: '123' }, ['account']],
    [{ bik: '044525225' }, ['account']],
    [{ account: '40702810900000002851', bik: '1' }, ['bik']],
    [{ account: '40702810900000002852', bik: '044525593' }, ['key']],
  ])('is told wrong before it is sent: %j', (typed, faults) => expect(bankFaults({ ...nothing, ...typed })).toEqual(faults));
});
