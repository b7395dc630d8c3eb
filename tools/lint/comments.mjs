/** `TODO` needs an issue to point to; `FIXME` means "not before merge". */
export const unfinishedWork = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (/\bFIXME\b|\bXXX\b/.test(comment.value)) context.report({ loc: comment.loc, message: 'FIXME means: not before merge.' });
        if (/\bTODO\b(?!\(#\d+\))/.test(comment.value)) context.report({ loc: comment.loc, message: 'A TODO names its issue: TODO(#12).' });
      }
    },
  }),
};

/** Dead code is deleted, not commented out. */
export const commentedCode = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (comment.type === 'Line' && /^\s*(?:(?:const|let|return|import|export|await|if|for)\b.*[;{]|\}|[\w.]+\(.*\);)\s*$/.test(comment.value)) {
          context.report({ loc: comment.loc, message: 'Dead code is deleted, not commented out.' });
        }
      }
    },
  }),
};
