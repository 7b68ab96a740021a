import { ActionIcon, Alert, FileButton, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayBytes } from '../../../format/bytes.ts';
import { MAX_FILES_BYTES, type PlaygroundFile } from '../playground-input.ts';
import { toBase64 } from './to-base64.ts';

/** Files that are laid into the work folder before the program starts. */
export function ProgramFiles({
  files,
  onChange,
  problem,
}: {
  readonly files: readonly PlaygroundFile[];
  readonly onChange: (files: readonly PlaygroundFile[]) => void;
  readonly problem: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<string>();
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);

  const add = async (chosen: readonly File[]): Promise<void> => {
    setFailure(undefined);
    // What would be too large is not read at all.
    if (chosen.reduce((sum, { size }) => sum + size, sizeBytes) > MAX_FILES_BYTES)
      return setFailure(t('playground.problems.filesTooLarge'));
    try {
      const added = await Promise.all(
        chosen.map(async (file) => ({ path: file.name, base64: toBase64(new Uint8Array(await file.arrayBuffer())), sizeBytes: file.size })),
      );
      const names = new Set(added.map(({ path }) => path));
      onChange([...files.filter(({ path }) => !names.has(path)), ...added]);
    } catch (error) {
      setFailure(t('playground.fileUnreadable', { message: error instanceof Error ? error.message : String(error) }));
    }
  };

  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('playground.filesHelp', { size: sayBytes(MAX_FILES_BYTES) })}
      </Text>
      {failure === undefined && problem === undefined ? null : (
        <Alert color="red" role="alert">
          {failure ?? problem}
        </Alert>
      )}
      {files.map(({ path, sizeBytes: size }, index) => (
        <Group key={index} gap="sm" wrap="nowrap" align="flex-end">
          <TextInput
            flex={1}
            label={t('playground.filePath', { number: index + 1 })}
            value={path}
            onChange={(event) => onChange(files.with(index, { ...fileAt(files, index), path: event.currentTarget.value }))}
            spellCheck={false}
          />
          <Text size="sm" c="dimmed" pb={8} miw="5rem">
            {sayBytes(size)}
          </Text>
          <ActionIcon
            variant="subtle"
            color="red"
            size="lg"
            aria-label={t('playground.removeFile', { path })}
            onClick={() => onChange(files.filter((_, at) => at !== index))}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <FileButton multiple onChange={(chosen) => void add(chosen)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
              {t('playground.addFiles')}
            </Button>
          )}
        </FileButton>
        {files.length === 0 ? null : (
          <Text size="sm" c="dimmed">
            {t('playground.filesTotal', { size: sayBytes(sizeBytes) })}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

function fileAt(files: readonly PlaygroundFile[], index: number): PlaygroundFile {
  const found = files[index];
  if (found === undefined) throw new Error('There is no such file.');
  return found;
}
