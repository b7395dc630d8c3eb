/** Members of commands as the API spells them. Clients write some of them in other cases, so names are compared without. */
const spelled = `
  Command NumDevice InnKkm KktNumber TaxVariant IdDevice IdCommand Timeout KeySubLicensing CashierName CashierVATIN
  Amount ReceiptNumber UniversalID RRNCode AuthorizationCode Detailed
  PayByProcessing NumDeviceByProcessing PrintSlipAfterCheck PrintSlipForCashier
  IsFiscalCheck TypeCheck NotPrint NumberCopies ClientAddress ClientInfo ClientINN ClientId SenderEmail AddressSettle PlaceMarket
  CorrectionType CorrectionBaseDate CorrectionBaseNumber CorrectionBaseName
  SumTax20 SumTax10 SumTax0 SumTaxNone SumTax120 SumTax110 AgentSign AgentData PurveyorData UserAttribute AdditionalAttribute
  PayingAgentOperation PayingAgentPhone ReceivePaymentsOperatorPhone MoneyTransferOperatorPhone MoneyTransferOperatorName
  MoneyTransferOperatorAddress MoneyTransferOperatorVATIN PurveyorPhone PurveyorName PurveyorVATIN
  CheckProps AdditionalProps PrintInHeader NameProp KPP CancelOpenedCheck VerFFD CashLessType1 CashLessType2 CashLessType3
  Cash ElectronicPayment AdvancePayment Credit CashProvision CheckStrings
  PrintText Text Font Intensity PrintImage Image BarcodeType Register
  Name Quantity Price Department Tax EAN13 SignMethodCalculation SignCalculationObject MeasurementUnit MeasureOfQuantity
  PackageQuantity CountryOfOrigin CustomsDeclaration ExciseAmount GoodCodeData ContainsSerialNumber AcceptOnBad NomenclatureCode EGAIS Ean Volume
  IP Active OnOff OFD_Error OFD_DateErrorDoc FN_DateEnd FN_MemOverflowl FN_IsFiscal FiscalNumber ListCommand
`;

/** Two members differ in case alone (`BarCode` of a line, `Barcode` within it): those are taken as they are sent. */
const names: ReadonlyMap<string, string> = new Map(
  spelled
    .trim()
    .split(/\s+/)
    .map((name) => [name.toLowerCase(), name]),
);

/** Members that hold a card's number or what stands for it. */
const ofCard = new Set(['cardnumber', 'carddpan', 'cardencrypteddata', 'cardhash']);

/** Members whose digits name goods, registers or bills and are no card, however much they look like one. */
const ofCodes = new Set(
  'EAN13 BarCode Ean NomenclatureCode Image IdCommand KktNumber IdDevice KeySubLicensing RRNCode AuthorizationCode ReceiptNumber'.toLowerCase().split(' '),
);

/** The API's spelling of a member, or the name itself. */
export function spelling(name: string): string {
  return names.get(name.toLowerCase()) ?? name;
}

/** Whether a member may hold card data, which is never kept. */
export function isOfCard(name: string): boolean {
  return ofCard.has(name.toLowerCase());
}

/** Whether a member's digits are a code that must survive as it is. */
export function isCode(name: string): boolean {
  return ofCodes.has(name.toLowerCase());
}
