"use client";

import { BookmarkPlus, Check, ChevronDown, Save, Star, StarOff, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Menu, MenuItem, MenuLine, MenuLink } from "@/components/ui/menu";
import { EVERY_ACTION, queryText, tableHref } from "@/lib/floor/schema";
import { chooseFirstView, removeView, saveView } from "@/lib/saved-views/actions";
import type { SavedView, SaveViewAnswer, ViewChoices, ViewRefusal } from "@/lib/saved-views/types";

/** What is asked about in a dialog: a view to be kept anew, another one, or one to be taken away. */
type Asking = { what: "new" } | { what: "remove"; view: SavedView } | null;

/** The views that one may choose from, and what can be done with the one that is shown. */
export function ViewMenu(choices: ViewChoices) {
  const { views, query } = choices;
  const t = useTranslations("floor.views");
  const [asking, setAsking] = useState<Asking>(null);
  const changing = useChanging();
  const current = views.find(({ id }) => id === choices.current) ?? null;
  const isChanged = current !== null && queryText(current.query) !== queryText(query);
  const first = views.find((view) => view.first) ?? null;
  const others = views.filter((view) => !view.own);
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button size="sm" className="max-w-64 pointer-coarse:h-11">
            <span className="truncate">{current ? current.name : t("every")}</span>
            {isChanged ? <span className="text-ink-3">{t("changed")}</span> : null}
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuLink href={tableHref({}, first ? { view: EVERY_ACTION } : {})}>
          <Tick isOn={current === null && queryText(query) === ""} />
          {t("every")}
        </MenuLink>
        {views
          .filter((view) => view.own)
          .map((view) => (
            <ViewLink key={view.id} view={view} isOn={view.id === current?.id} />
          ))}
        {others.length > 0 ? (
          <>
            <MenuLine />
            {others.map((view) => (
              <ViewLink key={view.id} view={view} isOn={view.id === current?.id} />
            ))}
          </>
        ) : null}
        <MenuLine />
        <MenuItem onClick={() => setAsking({ what: "new" })}>
          <BookmarkPlus aria-hidden />
          {t("new")}
        </MenuItem>
        {current?.own && isChanged ? (
          <MenuItem
            onClick={() =>
              changing.run(() =>
                saveView({
                  id: current.id,
                  name: current.name,
                  shared: current.shared,
                  first: current.first,
                  query,
                }),
              )
            }
          >
            <Save aria-hidden />
            {t("keep", { name: current.name })}
          </MenuItem>
        ) : null}
        {current && !current.first ? (
          <MenuItem onClick={() => changing.run(() => chooseFirstView({ id: current.id }))}>
            <Star aria-hidden />
            {t("begin", { name: current.name })}
          </MenuItem>
        ) : null}
        {first ? (
          <MenuItem onClick={() => changing.run(() => chooseFirstView({ id: null }))}>
            <StarOff aria-hidden />
            {t("beginWithEvery")}
          </MenuItem>
        ) : null}
        {current && (current.own || choices.mayTidy) ? (
          <MenuItem onClick={() => setAsking({ what: "remove", view: current })}>
            <Trash2 aria-hidden />
            {t("remove", { name: current.name })}
          </MenuItem>
        ) : null}
      </Menu>
      {changing.refusal ? (
        <div role="alert" className="basis-full">
          <Refused refusal={changing.refusal} onSignedIn={changing.clear} />
        </div>
      ) : null}
      <NewView choices={choices} open={asking?.what === "new"} onClose={() => setAsking(null)} />
      <RemoveView view={asking?.what === "remove" ? asking.view : null} onClose={() => setAsking(null)} />
    </>
  );
}

function ViewLink({ view, isOn }: { view: SavedView; isOn: boolean }) {
  const t = useTranslations("floor.views");
  const notes = [
    view.own ? null : t("by", { name: view.owner }),
    view.own && view.shared ? t("shared") : null,
  ];
  const said = [...notes, view.first ? t("first") : null].filter(Boolean).join(" · ");
  return (
    <MenuLink href={tableHref(view.query, { view: view.id })}>
      <Tick isOn={isOn} />
      <span className="max-w-56 truncate">{view.name}</span>
      {said ? <span className="ml-auto max-w-40 truncate pl-3 text-ink-3 text-xs">{said}</span> : null}
    </MenuLink>
  );
}

function Tick({ isOn }: { isOn: boolean }) {
  return <Check aria-hidden className={isOn ? "text-accent-text" : "invisible"} />;
}

type Refusal = ViewRefusal | { ok: false; code: "unexpected" };

/** Sends one change, and says when it was refused; the page is made anew where it was not. */
function useChanging() {
  const router = useRouter();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  async function run(change: () => Promise<{ ok: true } | ViewRefusal>): Promise<boolean> {
    setBusy(true);
    setRefusal(null);
    const answer = await change().catch((): Refusal => ({ ok: false, code: "unexpected" }));
    setBusy(false);
    if (answer.ok) router.refresh();
    else setRefusal(answer);
    return answer.ok;
  }
  return { refusal, busy, run, clear: () => setRefusal(null) };
}

function Refused({ refusal, onSignedIn }: { refusal: Refusal; onSignedIn: () => void }) {
  const t = useTranslations("floor.views.refused");
  if (refusal.code === "signed_out") {
    return (
      <div className="flex flex-col gap-3">
        <ErrorNote title={t("signed_out")} />
        <SignInForm to={null} onSignedIn={onSignedIn} />
      </div>
    );
  }
  if (refusal.code === "invalid") {
    return <ErrorNote title={refusal.errors.map(({ message }) => message).join(" ")} />;
  }
  return <ErrorNote title={t(refusal.code)} />;
}

function NewView({ choices, open, onClose }: { choices: ViewChoices; open: boolean; onClose: () => void }) {
  const t = useTranslations("floor.views");
  const common = useTranslations("common");
  return (
    <Dialog
      title={t("newTitle")}
      description={t("newText")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <NewViewForm choices={choices} onClose={onClose} />
    </Dialog>
  );
}

function NewViewForm({ choices, onClose }: { choices: ViewChoices; onClose: () => void }) {
  const t = useTranslations("floor.views");
  const router = useRouter();
  const form = useId();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [first, setFirst] = useState(false);
  const [missing, setMissing] = useState(false);
  const { refusal, busy, run, clear } = useChanging();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setMissing(name.trim() === "");
    if (name.trim() === "") return;
    const { query } = choices;
    let saved: SaveViewAnswer | null = null;
    void run(async () => {
      saved = await saveView({ id: null, name, shared, first, query });
      return saved;
    }).then((ok) => {
      if (!ok || !saved?.ok) return;
      onClose();
      router.push(tableHref(query, { view: saved.id }));
    });
  }

  return (
    <>
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-3">
        <Field
          label={t("name")}
          error={missing ? t("nameMissing") : refusal?.code === "name_taken" ? t("refused.name_taken") : null}
        >
          <Input
            value={name}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => {
              setName(event.target.value);
              setMissing(false);
              clear();
            }}
          />
        </Field>
        {choices.mayShare ? (
          <Checkbox
            label={t("share")}
            checked={shared}
            onChange={(event) => setShared(event.target.checked)}
          />
        ) : null}
        <Checkbox
          label={t("beginWithIt")}
          checked={first}
          onChange={(event) => setFirst(event.target.checked)}
        />
      </form>
      {refusal && refusal.code !== "name_taken" ? <Refused refusal={refusal} onSignedIn={clear} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button type="submit" form={form} variant="primary" busy={busy}>
          {busy ? t("saving") : t("save")}
        </Button>
      </div>
    </>
  );
}

function RemoveView({ view, onClose }: { view: SavedView | null; onClose: () => void }) {
  const t = useTranslations("floor.views");
  const common = useTranslations("common");
  const router = useRouter();
  const { refusal, busy, run, clear } = useChanging();
  return (
    <Dialog
      title={t("removeTitle", { name: view?.name ?? "" })}
      description={view?.shared ? t("removeShared") : t("removeText")}
      closeLabel={common("close")}
      open={view !== null}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      {refusal ? <Refused refusal={refusal} onSignedIn={clear} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button
          variant="danger"
          busy={busy}
          onClick={async () => {
            if (view && (await run(() => removeView({ id: view.id })))) {
              onClose();
              router.push("/floor");
            }
          }}
        >
          {busy ? t("removing") : t("removeNow")}
        </Button>
      </div>
    </Dialog>
  );
}
