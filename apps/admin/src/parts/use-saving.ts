import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

/** What a change of settings is. */
export interface Saving<Input, Output> {
  readonly save: (input: Input) => Promise<Output>;
  /** What is read anew once it is saved. */
  readonly touches: readonly QueryKey[];
  /** After it was read anew. */
  readonly onSaved?: (output: Output, input: Input) => void;
  /** The words that say so; left out: "Saved". */
  readonly said?: string;
}

/** Saves settings, has what they touch read anew, and says so. */
export function useSaving<Input, Output>({ save, touches, onSaved, said }: Saving<Input, Output>) {
  const { t } = useTranslation('shell');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSuccess: async (output, input) => {
      await Promise.all(touches.map((queryKey) => queries.invalidateQueries({ queryKey })));
      notifications.show({ message: said ?? t('saved'), color: 'green' });
      onSaved?.(output, input);
    },
  });
}
