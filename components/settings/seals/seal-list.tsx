import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { Pagination } from "@/components/ui/pagination";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { formatCount } from "@/lib/format/money";
import type { SealLine, SealsPage } from "@/lib/seals/types";

const SHOWN_DIGITS = 12;

/** The chain, the newest first: a table, or cards where there is no room for one. */
export function SealList(page: SealsPage) {
  const t = useTranslations("seals.list");
  return (
    <section aria-labelledby="seals" className="flex flex-col gap-2">
      <h2 id="seals" className="font-semibold text-base">
        {t("title")}
      </h2>
      {page.seals.length === 0 ? <p className="text-ink-2">{t("empty")}</p> : null}
      {page.seals.length > 0 ? (
        <>
          <SealTable {...page} />
          <SealCards {...page} />
        </>
      ) : null}
      <Pagination
        label={t("pages")}
        newer={page.newestHref ? { href: page.newestHref, label: t("newest") } : null}
        older={page.olderHref ? { href: page.olderHref, label: t("older") } : null}
      />
    </section>
  );
}

function SealTable({ seals, now, timeZone }: SealsPage) {
  const t = useTranslations("seals.list");
  return (
    <Table className="hidden md:table">
      <TableHead className="top-14">
        <tr>
          <TableHeader align="end">{t("seal")}</TableHeader>
          <TableHeader className="pl-6">{t("sealed")}</TableHeader>
          <TableHeader align="end">{t("events")}</TableHeader>
          <TableHeader className="pl-6">{t("hash")}</TableHeader>
          <TableHeader>{t("published")}</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {seals.map((seal) => (
          <TableRow key={seal.seq}>
            <TableCell align="end">{seal.seq}</TableCell>
            <TableCell className="figures pl-6">
              <Time at={seal.sealedAt} now={now} timeZone={timeZone} as="short" />
            </TableCell>
            <TableCell align="end">{formatCount(seal.leafCount)}</TableCell>
            <TableCell className="pl-6">
              <Hash seal={seal} />
            </TableCell>
            <TableCell>
              <Published seal={seal} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function SealCards({ seals, now, timeZone }: SealsPage) {
  const t = useTranslations("seals.list");
  return (
    <ul className="flex flex-col divide-y divide-line border-line border-y md:hidden">
      {seals.map((seal) => (
        <li key={seal.seq} className="flex flex-col gap-1 py-2.5">
          <p className="figures flex items-baseline justify-between gap-3">
            <span className="font-medium">
              {t("seal")} {seal.seq}
            </span>
            <span className="text-ink-2">
              <Time at={seal.sealedAt} now={now} timeZone={timeZone} as="short" />
            </span>
          </p>
          <p className="figures flex flex-wrap items-center justify-between gap-x-3">
            <span className="flex items-center gap-2 text-ink-2">
              {t("eventCount", { count: seal.leafCount })}
              {seal.published.length > 0 ? <Published seal={seal} /> : null}
            </span>
            <Hash seal={seal} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Enough of it to tell two apart; the whole of it goes to the clipboard. */
function Hash({ seal: { hash } }: { seal: SealLine }) {
  const t = useTranslations("seals.list");
  return (
    <span className="inline-flex items-center gap-1">
      <code className="font-mono text-xs" title={hash}>
        {hash.slice(0, SHOWN_DIGITS)}…
      </code>
      <CopyButton
        text={hash}
        label={t("copy")}
        doneLabel={t("copied")}
        failedLabel={t("copyFailed")}
        className="h-7 px-2 pointer-coarse:h-11"
      />
    </span>
  );
}

function Published({ seal: { published } }: { seal: SealLine }) {
  const t = useTranslations("seals.published");
  const list = useTranslations("seals.list");
  if (published.length === 0) return <span className="text-ink-3">{list("nowhere")}</span>;
  return (
    <span className="flex gap-1">
      {published.map((channel) => (
        <Badge key={channel}>{t(channel)}</Badge>
      ))}
    </span>
  );
}
