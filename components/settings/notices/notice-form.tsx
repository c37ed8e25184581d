"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input, Textarea } from "@/components/ui/field";
import { formatMoney } from "@/lib/format/money";
import { saveNotice, testNotice } from "@/lib/notices/actions";
import { noticeSchema } from "@/lib/notices/schema";
import type { Notice, NoticesPage, SaveNoticeAnswer, TestNoticeAnswer } from "@/lib/notices/types";
import { fillIn, PLACEHOLDERS, paragraphsOf, unknownSlots } from "@/lib/notices/words";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";

/** An amount to show: 25.00, or 2,500 where there are no cents. */
const EXAMPLE_MINOR = 2_500;

interface NoticeFormProps {
  page: NoticesPage;
  start: Notice;
}

/** The words of one kind of gesture beside how they look to a customer. */
export function NoticeForm({ page, start }: NoticeFormProps) {
  const t = useTranslations("notices");
  const [notice, setNotice] = useState(start);
  const [own, setOwn] = useState<Record<string, string>>({});
  const [doing, setDoing] = useState<"save" | "test">("save");
  const { answer, busy, failed, call, clear } = useCall<SaveNoticeAnswer | TestNoticeAnswer>();
  const { remedy, subject, body } = notice;
  const values = {
    customer: t("example.customer"),
    amount: formatMoney(EXAMPLE_MINOR, page.currency),
    remedy: t(`remedy.${remedy}`),
    organization: page.organization,
  };
  const filled = { subject: fillIn(subject, values), body: fillIn(body, values) };
  const unknown = unknownSlots(`${subject} ${body}`);

  function change(part: Partial<Notice>) {
    setNotice({ ...notice, ...part });
    setOwn({});
    clear();
  }

  async function ask(what: typeof doing) {
    if (busy) return;
    const parsed = noticeSchema.safeParse(notice);
    if (!parsed.success) {
      return setOwn(
        Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message])),
      );
    }
    setDoing(what);
    await call(() => (what === "save" ? saveNotice(parsed.data) : testNotice({ remedy, ...filled })));
  }

  return (
    <form
      noValidate
      aria-label={t(`remedy.${remedy}`)}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void ask("save");
      }}
      className="grid gap-x-8 gap-y-4 pb-6 lg:grid-cols-2"
    >
      <fieldset disabled={!page.mayEdit} className="flex min-w-0 flex-col gap-4">
        <Checkbox
          label={t("switch")}
          checked={notice.isOn}
          onChange={(event) => change({ isOn: event.target.checked })}
        />
        <Field label={t("subject")} error={own.subject}>
          <Input
            maxLength={200}
            value={subject}
            onChange={(event) => change({ subject: event.target.value })}
          />
        </Field>
        <Field
          label={t("body")}
          hint={t("bodyHint", { slots: PLACEHOLDERS.map((name) => `{${name}}`).join(" ") })}
          error={own.body ?? (unknown.length > 0 ? t("unknown", { slots: unknown.join(", ") }) : undefined)}
        >
          <Textarea
            rows={9}
            maxLength={5_000}
            value={body}
            onChange={(event) => change({ body: event.target.value })}
          />
        </Field>
        {page.mayEdit ? (
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="primary" busy={busy && doing === "save"}>
              {t(busy && doing === "save" ? "saving" : "save")}
            </Button>
            {page.sends ? (
              <Button busy={busy && doing === "test"} onClick={() => void ask("test")}>
                {t(busy && doing === "test" ? "testing" : "test")}
              </Button>
            ) : null}
          </div>
        ) : null}
        <p role="status" className="wrap-anywhere text-allow empty:hidden">
          {answer?.ok ? (doing === "save" ? t("saved") : t("tested", { email: page.email })) : null}
        </p>
        {answer?.ok === false && answer.code === "no_mail" ? <ErrorNote title={t("noMail")} /> : null}
        <Refused answer={answer} failed={failed} onSignedIn={clear} />
      </fieldset>
      <section
        aria-label={t("previewOf", { remedy: t(`remedy.${remedy}`) })}
        className="flex min-w-0 flex-col gap-2"
      >
        <p className="font-medium text-sm">{t("preview")}</p>
        <div className="wrap-anywhere flex flex-col gap-3 rounded-md border border-line bg-surface p-4">
          <p className="font-medium">{filled.subject}</p>
          {paragraphsOf(filled.body).map((paragraph, index) => (
            // Two paragraphs may say the same.
            // biome-ignore lint/suspicious/noArrayIndexKey: they are in order and nothing else tells them apart
            <p key={index} className="whitespace-pre-line">
              {paragraph}
            </p>
          ))}
        </div>
        <p className="text-ink-3 text-xs">{t("previewFor")}</p>
      </section>
    </form>
  );
}
