/*
 * Bytes of the "SA" protocol. `captured`: recorded from a terminal or taken from the tests of an independent implementation; `emitted`: sent by an
 * independent register to a simulator; `constructed`: made from the rules of the protocol, never seen on a wire.
 */

/** Where the captured bytes come from. Licence: MIT. */
export const captureSource = 'Zzzzipper/projects, commit 038e09f, firmware-usbhost/common/cardreader/inpas';

/** Bytes, and the fields they hold, in order. */
export interface Vector {
  readonly name: string;
  readonly certainty: 'captured' | 'emitted' | 'constructed';
  /** The file of {@link captureSource}, or how the bytes came about. */
  readonly origin: string;
  readonly hex: string;
  readonly fields: readonly (readonly [number, string])[];
}

/** Complete STX frames. */
export const frameVectors: readonly Vector[] = [
  {
    name: 'sale 1.00',
    certainty: 'captured',
    origin: 'InpasProtocol.h',
    hex: '021500000800303030303031303004030036343319010031462e',
    fields: [
      [0, '00000100'],
      [4, '643'],
      [25, '1'],
    ],
  },
  { name: 'wait (op 21)', certainty: 'captured', origin: 'InpasProtocol.h', hex: '0205001902003231a5c2', fields: [[25, '21']] },
  {
    name: 'sale 1.00 approved',
    certainty: 'captured',
    origin: 'InpasProtocol.h',
    hex: '029900000300313030040300363433060e0032303138313031363139313532330a10002a2a2a2a2a2a2a2a2a2a2a2a363633390b0400313930330d06003234373632390e0c003832383931333334393337330f02003030130800cec4cec1d0c5cdce150e0032303138313031363139313532331702002d31190100311a02002d311b080030303236363238361c0900313131313131313131270100318d79',
    fields: [
      [0, '100'],
      [4, '643'],
      [6, '20181016191523'],
      [10, '************6639'],
      [11, '1903'],
      [13, '247629'],
      [14, '828913349373'],
      [15, '00'],
      [19, 'ОДОБРЕНО'],
      [21, '20181016191523'],
      [23, '-1'],
      [25, '1'],
      [26, '-1'],
      [27, '00266286'],
      [28, '111111111'],
      [39, '1'],
    ],
  },
  {
    name: 'sale 10.00',
    certainty: 'captured',
    origin: 'InpasProtocol.cpp',
    hex: '02150000080030303030313030300403003634331901003138af',
    fields: [
      [0, '00001000'],
      [4, '643'],
      [25, '1'],
    ],
  },
  {
    name: 'auto-reversal (op 53) 10.00, fields 25 then 0, no currency',
    certainty: 'captured',
    origin: 'InpasProtocol.cpp',
    hex: '021000190200353300080030303030313030303009',
    fields: [
      [25, '53'],
      [0, '00001000'],
    ],
  },
  {
    name: 'link test (op 26)',
    certainty: 'emitted',
    origin: 'sent by the register of the capture source',
    hex: '02080019020032361b000089ff',
    fields: [
      [25, '26'],
      [27, ''],
    ],
  },
  {
    name: 'reconciliation (op 59)',
    certainty: 'emitted',
    origin: 'sent by the register of the capture source',
    hex: '02080019020035391b0000c494',
    fields: [
      [25, '59'],
      [27, ''],
    ],
  },
  {
    name: 'void by RRN (op 4) 10.00',
    certainty: 'constructed',
    origin: 'the rules of the protocol',
    hex: '02240000080030303030313030300403003634330e0c0039303536333236323535363819010034649b',
    fields: [
      [0, '00001000'],
      [4, '643'],
      [14, '905632625568'],
      [25, '4'],
    ],
  },
  {
    name: 'last receipt (op 63, 65=22, 64=1)',
    certainty: 'constructed',
    origin: 'the rules of the protocol',
    hex: '020e00190200363340010031410200323284b8',
    fields: [
      [25, '63'],
      [64, '1'],
      [65, '22'],
    ],
  },
  {
    name: 'short report (op 63, 65=20)',
    certainty: 'constructed',
    origin: 'the rules of the protocol',
    hex: '020a001902003633410200323036a1',
    fields: [
      [25, '63'],
      [65, '20'],
    ],
  },
  {
    name: 'show text 30 s (op 41, mode 2)',
    certainty: 'constructed',
    origin: 'the rules of the protocol',
    hex: '021600190200343139020033304001003247050048656c6c6fa192',
    fields: [
      [25, '41'],
      [57, '30'],
      [64, '2'],
      [71, 'Hello'],
    ],
  },
  {
    name: 'sale declined, status 16, host code 51',
    certainty: 'constructed',
    origin: 'the rules of the protocol',
    hex: '023200000400313030300403003634330f02003531130500ced2cac0c7190100311a0100371b080030303332323334362702003136944e',
    fields: [
      [0, '1000'],
      [4, '643'],
      [15, '51'],
      [19, 'ОТКАЗ'],
      [25, '1'],
      [26, '7'],
      [27, '00322346'],
      [39, '16'],
    ],
  },
  {
    name: 'link test approved (framed)',
    certainty: 'constructed',
    origin: 'sent by a simulator, accepted by the register of the capture source',
    hex: '024700131f00cecfc5d0c0d6c8df20cec4cec1d0c5cdc05e415050524f5645442e4a50477e150e00323032343031303131323030303019020032361b0800303030363030353627010031fc98',
    fields: [
      [19, 'ОПЕРАЦИЯ ОДОБРЕНА^APPROVED.JPG~'],
      [21, '20240101120000'],
      [25, '26'],
      [27, '00060056'],
      [39, '1'],
    ],
  },
  {
    name: 'reply to op 53: status 1',
    certainty: 'constructed',
    origin: 'sent by a simulator, accepted by the register of the capture source',
    hex: '021500000400313030300f02003030190200353327010031609d',
    fields: [
      [0, '1000'],
      [15, '00'],
      [25, '53'],
      [39, '1'],
    ],
  },
  {
    name: 'reply to op 41: shown',
    certainty: 'constructed',
    origin: 'sent by a simulator, accepted by the register of the capture source',
    hex: '020d001902003431400100344301003060cd',
    fields: [
      [25, '41'],
      [64, '4'],
      [67, '0'],
    ],
  },
];

/** Field data without a frame. */
export const dataVectors: readonly Vector[] = [
  {
    name: 'link test reply, status 1, text APPROVED',
    certainty: 'captured',
    origin: 'test/InpasCommandLayerTest.cpp',
    hex: '131f00cecfc5d0c0d6c8df20cec4cec1d0c5cdc05e415050524f5645442e4a50477e150e00323032303033313931353134313419020032361b0800303030363030353627010031',
    fields: [
      [19, 'ОПЕРАЦИЯ ОДОБРЕНА^APPROVED.JPG~'],
      [21, '20200319151414'],
      [25, '26'],
      [27, '00060056'],
      [39, '1'],
    ],
  },
  {
    name: 'reconciliation reply: host code ER3 with status 1',
    certainty: 'captured',
    origin: 'test/InpasCommandLayerTest.cpp',
    hex: '060e0032303230303331393138303630390f0300455233150e0032303230303331393138303630391702002d3119020035391a02002d311b080030303036303035361c01003027010031',
    fields: [
      [6, '20200319180609'],
      [15, 'ER3'],
      [21, '20200319180609'],
      [23, '-1'],
      [25, '59'],
      [26, '-1'],
      [27, '00060056'],
      [28, '0'],
      [39, '1'],
    ],
  },
  {
    name: 'QR on screen, header1 / text1 / footer1',
    certainty: 'captured',
    origin: 'test/InpasCommandLayerTest.cpp',
    hex: '19020034313902003230400100345a0c00307844465e5e74657874317e470f00686561646572310a666f6f74657231',
    fields: [
      [25, '41'],
      [57, '20'],
      [64, '4'],
      [90, '0xDF^^text1~'],
      [71, 'header1\nfooter1'],
    ],
  },
  {
    name: 'network relay: open',
    certainty: 'captured',
    origin: 'test/InpasCommandLayerTest.cpp',
    hex: '190200363340010031410200313646120039312e3130372e36352e36363b313937393b',
    fields: [
      [25, '63'],
      [64, '1'],
      [65, '16'],
      [70, '91.107.65.66;1979;'],
    ],
  },
  {
    name: 'network relay: open ok',
    certainty: 'captured',
    origin: 'test/InpasCommandLayerTest.cpp',
    hex: '1902003633410200313643010030',
    fields: [
      [25, '63'],
      [65, '16'],
      [67, '0'],
    ],
  },
  {
    name: 'network relay: send ok',
    certainty: 'captured',
    origin: 'test/InpasCommandLayerTest.cpp',
    hex: '1902003633410200313743010030',
    fields: [
      [25, '63'],
      [65, '17'],
      [67, '0'],
    ],
  },
];
