"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { useDirty } from "./draft-context";

type Leaving = { href: string } | { back: string };

/** The part of the browser's Navigation API that can hold back a step through its history; not every browser has it. */
interface NavigationLike extends EventTarget {
  traverseTo(key: string): unknown;
}

interface NavigateEventLike extends Event {
  navigationType: string;
  destination: { key: string };
}

/** Asks before the page is left with changes that were not saved: by a link, by going back, by closing the tab. */
export function LeaveGuard() {
  const active = useDirty();
  const t = useTranslations("settings.save");
  const common = useTranslations("common");
  const router = useRouter();
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const confirmed = useRef(false);
  useHoldBack(active, confirmed, setLeaving);

  function leave() {
    confirmed.current = true;
    if (leaving && "href" in leaving) router.push(leaving.href);
    else if (leaving) browserNavigation()?.traverseTo(leaving.back);
    setLeaving(null);
  }

  return (
    <Dialog
      title={t("leaveTitle")}
      description={t("leaveText")}
      closeLabel={common("close")}
      open={leaving !== null}
      onOpenChange={(open) => {
        if (!open) setLeaving(null);
      }}
    >
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("keep")}</DialogClose>
        <Button variant="danger" onClick={leave}>
          {t("leave")}
        </Button>
      </div>
    </Dialog>
  );
}

function useHoldBack(
  active: boolean,
  confirmed: React.RefObject<boolean>,
  onLeave: (leaving: Leaving) => void,
) {
  useEffect(() => {
    if (!active) return;
    confirmed.current = false;
    const navigation = browserNavigation();

    function onUnload(event: BeforeUnloadEvent) {
      if (!confirmed.current) event.preventDefault();
    }
    function onClick(event: MouseEvent) {
      const href = leavingHref(event);
      if (href === null || confirmed.current) return;
      event.preventDefault();
      event.stopPropagation();
      onLeave({ href });
    }
    function onNavigate(event: Event) {
      const { navigationType, destination } = event as NavigateEventLike;
      if (navigationType !== "traverse" || !event.cancelable || confirmed.current) return;
      event.preventDefault();
      onLeave({ back: destination.key });
    }

    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    navigation?.addEventListener("navigate", onNavigate);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
      navigation?.removeEventListener("navigate", onNavigate);
    };
  }, [active, confirmed, onLeave]);
}

function browserNavigation(): NavigationLike | undefined {
  return (window as unknown as { navigation?: NavigationLike }).navigation;
}

/** Where a click would go within this app, leaving this page; null for any other click. */
function leavingHref(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  // What is downloaded leaves the page where it is.
  if (!link || link.target || link.hasAttribute("download") || link.origin !== window.location.origin)
    return null;
  if (link.pathname === window.location.pathname && link.search === window.location.search) return null;
  return link.pathname + link.search + link.hash;
}
