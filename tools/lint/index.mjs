import { commentedCode, unfinishedWork } from './comments.mjs';
import { declaredNames, fileName } from './names.mjs';

/** Rules of this project that no published plugin has. */
export default { rules: { 'file-name': fileName, 'declared-names': declaredNames, 'unfinished-work': unfinishedWork, 'commented-code': commentedCode } };
