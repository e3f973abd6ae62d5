import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { ApiError } from '../api/client';
import { notify } from '../components/notify';
import { useErrorText } from '../components/Status';
import { loadSay, useText } from '../i18n/text';

interface Options<In, Out> {
  run: (input: In) => Promise<Out>;
  done?: (output: Out, input: In) => void;
  /** What is asked for again afterwards. */
  changes?: QueryKey[];
  /** The form shows the error itself. */
  quiet?: boolean;
}

/** Something that changes the server: says when it did not work, and has the lists refreshed that it changed. */
export function useAction<In = void, Out = unknown>({ run, done, changes = [], quiet = false }: Options<In, Out>) {
  const client = useQueryClient();
  const { t, language } = useText();
  const text = useErrorText();
  return useMutation({
    mutationFn: run,
    onSuccess: (output, input) => done?.(output, input),
    onError: error => {
      const status = error instanceof ApiError ? error.status : 0;
      if (status !== 401 && !quiet) void loadSay(language).then(say => notify({ title: t.common.failed, description: text(error, say), tone: 'error' }));
    },
    // Not waited for: what was asked for is done, whatever a list takes to come.
    onSettled: () => { for (const queryKey of changes) void client.invalidateQueries({ queryKey }); },
  });
}
