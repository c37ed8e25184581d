import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Palette } from "@/components/palette/palette";
import type { Role } from "@/lib/discretion/schema";
import type { Marks } from "@/lib/events/types";
import { AccountMenu } from "./account-menu";
import { Mark } from "./mark";
import { Nav, type Place } from "./nav";
import { QueueLink } from "./queue-link";
import { EventsSince } from "./use-events";

interface ShellProps {
  name: string;
  role: Role;
  /** The organization's name. */
  organization: string;
  /** The ones that this person may enter. */
  places: readonly Place[];
  /** How everything stood when the page was made. */
  marks: Marks;
  employeeId: string;
  /** Whether the person is on duty; null for whoever is never asked. */
  onDuty: boolean | null;
  /** What waits for the person; null where they have no queue and nothing waits. */
  waiting: number | null;
  /** Stands in the bar; below it on a phone. */
  search?: ReactNode;
  children: ReactNode;
}

/** The frame of every place: bar, navigation, the person's own menu, and the page as `main`. */
export function Shell(props: ShellProps) {
  const { name, role, organization, places, marks, onDuty, waiting, search, children } = props;
  const t = useTranslations("common");
  return (
    <>
      <EventsSince marks={marks} />
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-ink text-page text-sm focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:px-3 focus:py-2"
      >
        {t("skip")}
      </a>
      <header className="z-20 print:hidden border-line border-b bg-page md:sticky md:top-0">
        <div className="mx-auto flex min-h-14 max-w-360 flex-wrap items-center gap-x-3 px-4 pt-1.5 sm:px-6 md:flex-nowrap md:pt-0">
          <Link
            href="/"
            className="flex h-11 min-w-11 items-center gap-2 rounded-md font-semibold text-base"
            aria-label={t("product")}
          >
            <Mark />
            <span className="hidden sm:inline">{t("product")}</span>
          </Link>
          {search ? (
            <div className="order-last w-full pt-1 pb-2.5 md:order-none md:pt-0 md:mx-3 md:max-w-xl md:pb-0">
              {search}
            </div>
          ) : null}
          <div className="ml-auto flex items-center gap-1">
            <Palette places={places} />
            <Nav places={places} />
            {onDuty === null ? null : <QueueLink waiting={waiting ?? 0} isAlways={waiting !== null} />}
            <AccountMenu
              name={name}
              role={role}
              organization={organization}
              onDuty={onDuty}
              hasDesk={places.includes("desk")}
            />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-360 px-4 pb-16 sm:px-6">
        {children}
      </main>
    </>
  );
}
