import { Button, CopyButton, SegmentedControl, Stack } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import type { ExportAddress, Snippet } from '../api/model';
import { Section } from '../ui/Section';
import classes from './SnippetBlocks.module.css';
import { snippetWords, transportWord } from './words';

/** What to paste, for one way to reach the export at a time. */
export function SnippetBlocks({ addresses }: { addresses: readonly ExportAddress[] }) {
  const [transport, setTransport] = useState<string>();
  const shown = addresses.find((address) => address.transport === transport) ?? addresses[0];
  if (!shown) return null;
  return (
    <Section
      title="Paste"
      action={
        addresses.length > 1 && (
          <SegmentedControl
            aria-label="Reached"
            size="xs"
            data={addresses.map((address) => ({ value: address.transport, label: transportWord(address) }))}
            value={shown.transport}
            onChange={setTransport}
          />
        )
      }
    >
      <Stack gap="md">
        {shown.tls && (
          <p className={classes.note}>
            {shown.certificates ? (
              <>
                Clients show a certificate: copy <code>{shown.certificates}</code> from the service’s host to
                where the client runs.
              </>
            ) : (
              <>Clients encrypt, with certificates that you have set up.</>
            )}
          </p>
        )}
        {shown.snippets.map((snippet) => (
          <SnippetBlock key={snippet.kind} snippet={snippet} />
        ))}
      </Stack>
    </Section>
  );
}

function SnippetBlock({ snippet: { kind, text } }: { snippet: Snippet }) {
  const { title, note } = snippetWords[kind];
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <div>
          <h3 className={classes.title}>{title}</h3>
          <p className={classes.note}>{note}</p>
        </div>
        <CopyButton value={text} timeout={2_000}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
              aria-label={`Copy: ${title}`}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
      <pre className={classes.text}>{text}</pre>
    </div>
  );
}
