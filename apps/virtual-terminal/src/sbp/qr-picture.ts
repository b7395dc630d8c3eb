import { toBuffer } from 'qrcode';

/** Points of the picture for each module of the code: enough for a telephone to read it from a screen. */
const scale = 8;
/** Empty modules around the code; ISO/IEC 18004 asks for four. */
const quietModules = 4;

/** The PNG of a QR code that a telephone can scan. */
export function qrPicture(payload: string): Promise<Buffer> {
  return toBuffer(payload, { type: 'png', errorCorrectionLevel: 'M', margin: quietModules, scale });
}
