import { Alert, Button, Group, Image, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ScrollingTable } from '../../../components/scrolling-table.tsx';
import { sayBytes } from '../../../format/bytes.ts';
import type { ProgramResult } from '../../../format/program-status.ts';
import { bytesOf, previewOf, type ArtifactPreview, type WrittenArtifact } from './artifact-preview.ts';
import { downloadBytes } from '../../../components/download.ts';
import { TextBlock } from './output-view.tsx';

/** Files that a program left. */
export function ArtifactList({ artifacts }: { readonly artifacts: ProgramResult['artifacts'] | null }): ReactNode {
  const { t } = useTranslation();
  if (artifacts === null || (artifacts.files.length === 0 && artifacts.omitted.length === 0))
    return <Text c="dimmed">{t('playground.noArtifacts')}</Text>;
  return (
    <Stack>
      {artifacts.files.map((artifact) => (
        <ArtifactCard key={artifact.path} artifact={artifact} />
      ))}
      {artifacts.omitted.length === 0 ? null : (
        <Alert color="gray" title={t('playground.omittedTitle')}>
          <ul>
            {artifacts.omitted.slice(0, 50).map(({ path, reason }) => (
              <li key={path} className="wrapped-text">
                {path === '' ? t('playground.wholeFolder') : path}: {t(`playground.omitted.${reason}`)}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </Stack>
  );
}

function ArtifactCard({ artifact }: { readonly artifact: WrittenArtifact }): ReactNode {
  const { t } = useTranslation();
  const [preview] = useState(() => previewOf(artifact));
  const { path, mediaType, sizeBytes } = artifact;
  return (
    <Paper withBorder p="sm" component="article" aria-label={path}>
      <Group justify="space-between" gap="sm" mb="xs">
        <Stack gap={0} flex="1 1 10rem">
          <Title order={3} className="wrapped-text">
            {path}
          </Title>
          <Text size="xs" c="dimmed" className="wrapped-text">
            {mediaType} · {sayBytes(sizeBytes)}
          </Text>
        </Stack>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => downloadBytes(path, [bytesOf(artifact.content)])}
          aria-label={t('playground.downloadFile', { path })}
        >
          {t('playground.download')}
        </Button>
      </Group>
      <PreviewView preview={preview} artifact={artifact} />
    </Paper>
  );
}

function PreviewView({ preview, artifact }: { readonly preview: ArtifactPreview; readonly artifact: WrittenArtifact }): ReactNode {
  const { t } = useTranslation();
  switch (preview.kind) {
    case 'image':
      return <PictureView mediaType={preview.mediaType} artifact={artifact} />;
    case 'text':
      return <TextBlock text={preview.isCut ? `${preview.text}…` : preview.text} label={artifact.path} />;
    case 'table':
      return <CellTable preview={preview} label={artifact.path} />;
    case 'none':
      return (
        <Text size="sm" c="dimmed">
          {t('playground.noPreview')}
        </Text>
      );
  }
}

function PictureView({ mediaType, artifact }: { readonly mediaType: string; readonly artifact: WrittenArtifact }): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useState<string>();
  const [isBroken, setIsBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytesOf(artifact.content)], { type: mediaType }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [artifact, mediaType]);
  if (isBroken) return <Text size="sm">{t('playground.pictureBroken')}</Text>;
  if (address === undefined) return null;
  return (
    <Image
      src={address}
      alt={t('playground.pictureOf', { path: artifact.path })}
      mah={420}
      w="auto"
      maw="100%"
      fit="contain"
      onError={() => setIsBroken(true)}
    />
  );
}

function CellTable({
  preview,
  label,
}: {
  readonly preview: Extract<ArtifactPreview, { kind: 'table' }>;
  readonly label: string;
}): ReactNode {
  const { t } = useTranslation();
  const [head = [], ...body] = preview.rows;
  return (
    <>
      <ScrollingTable label={label} minWidth={200} maxHeight={320} striped withTableBorder>
        <Table.Thead>
          <Table.Tr>
            {head.map((cell, index) => (
              <Table.Th key={index}>{cell}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {body.map((row, at) => (
            <Table.Tr key={at}>
              {row.map((cell, index) => (
                <Table.Td key={index}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollingTable>
      {preview.isCut ? (
        <Text size="sm" c="dimmed" mt={4}>
          {t('playground.tableCut')}
        </Text>
      ) : null}
    </>
  );
}
