import { RegisterFaults } from './register-faults';

/** A command or an answer, as it is on the wire. */
export type Members = Readonly<Record<string, unknown>>;

/** A receipt that came out of the register: the oracle for tests of lost and double receipts. */
export interface Receipt {
  readonly number: number;
  readonly idCommand: string;
  readonly type: number;
  readonly members: Members;
  readonly at: string;
}

/** The line breaks before the register sees the command, or after it has done it. */
export const lineCut = Symbol('line cut');

const shiftOpen = 'Ошибка регистрации ( 60 : ККТ: Смена открыта – операция невозможна )';
const noShift = 'Ошибка регистрации ( 61 : ККТ: Смена не открыта или смена превысила 24 часа – операция невозможна )';
const noPaper = 'Ошибка регистрации ( 44 : ККТ: Нет бумаги )';

/**
 * A fiscal register with a KkmServer before it, as unkind as a real one may be: a command under an id that it has seen is done once more, because nothing documented says otherwise;
 * its log of commands can be lost; and old models do not tell that their shift is overdue.
 */
export class FakeRegister {
  readonly faults = new RegisterFaults();
  /** Null: any password will do. */
  password: string | null = null;
  private readonly made: Receipt[] = [];
  private readonly log = new Map<string, { answer: Members; asksLeft: number }>();
  private documents = 0;
  private shift = 0;
  private shiftState: 'closed' | 'open' | 'overdue' | 'overdue-untold' = 'closed';

  constructor(
    private readonly now: () => number,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  /** Every receipt, oldest first. */
  receipts(): readonly Receipt[] {
    return this.made;
  }

  /** Does a command and answers; {@link lineCut} where no answer gets through. */
  async execute(command: Members): Promise<Members | typeof lineCut> {
    if (this.faults.fires('down')) return lineCut;
    if (command['Command'] === 'GetRezult') return this.result(text(command['IdCommand']));
    const isCheck = command['Command'] === 'RegisterCheck';
    if (isCheck && this.faults.fires('lose_request')) return lineCut;
    const slowMs = isCheck ? this.faults.take('slow') : null;
    const answer = { ...this.done(command), ...envelope(command) };
    const id = text(command['IdCommand']);
    const runs = isCheck && this.faults.fires('running');
    if (id !== '') this.log.set(id, { answer, asksLeft: runs ? 1 : 0 });
    if (slowMs !== null) await this.sleep(slowMs);
    if (isCheck && this.faults.fires('lose_answer')) return lineCut;
    return runs ? { Command: command['Command'], Status: 1, Error: '', IdCommand: id } : answer;
  }

  private result(id: string): Members {
    if (this.faults.fires('forget')) this.log.clear();
    const known = this.log.get(id);
    if (!known) return { Command: 'GetRezult', Status: 3, Error: 'Команда не найдена', IdCommand: '', Rezult: { Status: 3 } };
    known.asksLeft -= 1;
    const rezult = known.asksLeft >= 0 ? { Command: known.answer['Command'], IdCommand: id, Status: 1, Error: '' } : known.answer;
    return { Rezult: rezult, Command: 'GetRezult', Status: 0, Error: '', IdCommand: '' };
  }

  private done(command: Members): Members {
    switch (command['Command']) {
      case 'RegisterCheck':
        return this.registered(command);
      case 'OpenShift':
        return this.opened();
      case 'CloseShift':
      case 'ZReport':
        return this.closed();
      case 'GetDataKKT':
        return this.data();
      case 'GetDataCheck':
        return this.readBack(Number(command['FiscalNumber']));
      case 'List':
        return ok({ ListUnit: [this.unit()] });
      case 'GetLineLength':
        return ok({ LineLength: 36 });
      case 'XReport':
      case 'DepositingCash':
      case 'PaymentCash':
      case 'OpenCashDrawer':
      case 'PrintDocument':
        return ok({});
      default:
        return refused('Команда не поддерживается');
    }
  }

  private registered(command: Members): Members {
    if (command['PayByProcessing'] !== false) return refused('Эквайринг не настроен');
    if (this.faults.has('out_of_paper')) return refused(noPaper);
    if (this.faults.fires('shift_overdue')) this.shiftState = 'overdue';
    if (this.faults.fires('refuse_61')) this.shiftState = 'overdue-untold';
    if (command['IsFiscalCheck'] !== true) return ok({});
    if (this.shiftState === 'overdue' || this.shiftState === 'overdue-untold') return refused(noShift);
    if (this.shiftState === 'closed') this.opened();
    const number = (this.documents += 1);
    const { TypeCheck: type = 0 } = command as { readonly TypeCheck?: number };
    this.made.push({ number, idCommand: text(command['IdCommand']), type, members: command, at: new Date(this.now()).toISOString() });
    const qr = `t=20261127T1200&s=${sumOf(command).toFixed(2)}&fn=9999078900004792&i=${number}&fp=2020258312&n=1`;
    return ok({ CheckNumber: number, SessionNumber: this.shift, SessionCheckNumber: this.made.length, URL: 'https://ofd.example/', QRCode: qr });
  }

  private opened(): Members {
    if (this.shiftState !== 'closed') return refused(shiftOpen);
    this.shiftState = 'open';
    this.shift += 1;
    this.documents += 1;
    return ok({ CheckNumber: this.documents, SessionNumber: this.shift });
  }

  private closed(): Members {
    if (this.shiftState === 'closed') return refused(noShift);
    this.shiftState = 'closed';
    this.documents += 1;
    return ok({ CheckNumber: this.documents, SessionNumber: this.shift });
  }

  private data(): Members {
    if (this.faults.fires('shift_overdue')) this.shiftState = 'overdue';
    const session = { closed: 1, open: 2, overdue: 3, 'overdue-untold': 2 }[this.shiftState];
    const info = { SessionState: session, PaperOver: this.faults.has('out_of_paper'), OnOff: true, Active: true, FN_MemOverflowl: false };
    return ok({ CheckNumber: this.documents, SessionNumber: this.shift, LineLength: 36, URL: '', Info: info });
  }

  private readBack(asked: number): Members {
    const receipt = this.made.find(({ number }) => number === asked);
    if (!receipt) return refused('Не удалось получить данные чека');
    const { members } = receipt;
    const paid = (name: string): number => Number(members[name] ?? 0);
    const names = ['Cash', 'ElectronicPayment', 'AdvancePayment', 'Credit', 'CashProvision'];
    return ok({
      Slip: `Чек ${receipt.number}`,
      QRCode: `t=20261127T1200&i=${receipt.number}`,
      RegisterCheck: {
        FiscalNumber: receipt.number,
        CheckType: receipt.type,
        Register: goodsOf(members).map(({ Name, Quantity, Amount, Tax }) => ({ Name, Quantity, Amount, Tax })),
        ...Object.fromEntries(names.map((name) => [name, paid(name)])),
        AllSumm: sumOf(members),
      },
    });
  }

  private unit(): Members {
    const texts = { IdTypeDevice: 'KkmStrihM', KktNumber: '0149060506089651', INN: '7707083893', NameOrganization: 'ООО «Клуб»', TaxVariant: '1' };
    return {
      NumDevice: 1,
      IdDevice: 'd6b7a6c1',
      OnOff: true,
      Active: true,
      FN_IsFiscal: true,
      PaperOver: this.faults.has('out_of_paper'),
      UnitName: 'Штрих',
      ...texts,
    };
  }
}

function ok(payload: Members): Members {
  return { ...payload, Status: 0, Error: '' };
}

function refused(error: string): Members {
  return { Status: 2, Error: error };
}

function envelope(command: Members): Members {
  return { Command: command['Command'], IdCommand: text(command['IdCommand']), NumDevice: 1, UnitName: 'Штрих' };
}

function goodsOf(command: Members): readonly Members[] {
  const strings = Array.isArray(command['CheckStrings']) ? (command['CheckStrings'] as Members[]) : [];
  return strings.flatMap(({ Register: goods }) => (goods ? [goods as Members] : []));
}

function sumOf(command: Members): number {
  return goodsOf(command).reduce((sum, { Amount: amount }) => sum + Number(amount), 0);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
