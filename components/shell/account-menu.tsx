"use client";

import {
  CalendarCheck,
  Keyboard,
  KeyRound,
  LogOut,
  Mail,
  Monitor,
  Moon,
  Sun,
  UserRoundCheck,
  UserRoundX,
  UsersRound,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { signOut } from "@/components/auth/requests";
import { cn } from "@/components/ui/cn";
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink, MenuSwitch } from "@/components/ui/menu";
import type { Role } from "@/lib/discretion/schema";
import { call, jsonBody } from "./rest";
import { setSingleKeys, useSingleKeys } from "./single-keys";

interface AccountMenuProps {
  name: string;
  role: Role;
  organization: string;
  /** Null for whoever is never asked. */
  onDuty: boolean | null;
  /** Whether the person works on the desk, and so has a day there. */
  hasDesk: boolean;
}

type Theme = "system" | "light" | "dark";

export function AccountMenu({ name, role, organization, onDuty, hasDesk }: AccountMenuProps) {
  const t = useTranslations("common");
  const { theme, setTheme } = useTheme();
  const singleKeys = useSingleKeys();
  const [leaving, setLeaving] = useState(false);
  const duty = useDuty(onDuty);

  async function leave() {
    setLeaving(true);
    if (await signOut()) {
      // A whole new page: nothing of this person's stays in memory for the next one.
      window.location.assign("/sign-in");
      return;
    }
    setLeaving(false);
    toast(t("account.signOutFailed"));
  }

  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t("account.open", { name })}
          className="flex h-8 min-w-8 items-center gap-2 rounded-md px-1 text-ink-2 text-sm transition-colors hover:bg-sunken hover:text-ink lg:pr-2.5 pointer-coarse:h-11 pointer-coarse:min-w-11 pointer-coarse:justify-center"
        >
          <span
            aria-hidden
            className={cn(
              "flex size-6 items-center justify-center rounded-full font-medium text-xs",
              duty.isAway ? "bg-bend-soft text-bend" : "bg-accent-soft text-accent-text",
            )}
          >
            {initials(name)}
          </span>
          <span className="hidden max-w-40 truncate lg:inline">{name}</span>
          {duty.isAway ? (
            <span className="text-bend text-xs max-sm:sr-only">{duty.words("away")}</span>
          ) : null}
        </button>
      }
    >
      <div className="px-2 py-2">
        <p className="truncate font-medium text-sm">{name}</p>
        <p className="truncate text-ink-3 text-xs">
          {t(`role.${role}`)} · {organization}
        </p>
      </div>
      <MenuLine />
      {hasDesk ? (
        <MenuLink href="/desk/day">
          <CalendarCheck aria-hidden />
          {t("account.day")}
        </MenuLink>
      ) : null}
      {onDuty === null ? null : (
        <>
          <MenuChoice<"on" | "away">
            label={duty.words("label")}
            value={duty.isAway ? "away" : "on"}
            onChange={duty.set}
            options={[
              { value: "on", label: duty.words("on"), icon: <UserRoundCheck aria-hidden /> },
              { value: "away", label: duty.words("away"), icon: <UserRoundX aria-hidden /> },
            ]}
          />
          <MenuLink href="/desk/duty">
            <UsersRound aria-hidden />
            {duty.words("page")}
          </MenuLink>
          <MenuLine />
        </>
      )}
      <MenuChoice<Theme>
        label={t("account.theme")}
        value={(theme as Theme | undefined) ?? "system"}
        onChange={setTheme}
        options={[
          { value: "system", label: t("account.system"), icon: <Monitor aria-hidden /> },
          { value: "light", label: t("account.light"), icon: <Sun aria-hidden /> },
          { value: "dark", label: t("account.dark"), icon: <Moon aria-hidden /> },
        ]}
      />
      <MenuLine />
      <MenuSwitch checked={singleKeys} onChange={setSingleKeys}>
        <Keyboard aria-hidden />
        {t("account.singleKeys")}
      </MenuSwitch>
      {hasDesk ? (
        <MenuLink href="/desk/notifications">
          <Mail aria-hidden />
          {t("account.mail")}
        </MenuLink>
      ) : null}
      <MenuLink href="/password">
        <KeyRound aria-hidden />
        {t("account.password")}
      </MenuLink>
      <MenuItem disabled={leaving} onClick={leave}>
        <LogOut aria-hidden />
        {t("account.signOut")}
      </MenuItem>
    </Menu>
  );
}

/** Comes and goes; it is shown at once, and taken back where it did not arrive. */
function useDuty(onDuty: boolean | null) {
  const words = useTranslations("handovers.duty");
  const router = useRouter();
  const [isAway, setAway] = useState(onDuty === false);
  useEffect(() => setAway(onDuty === false), [onDuty]);

  async function set(next: "on" | "away") {
    setAway(next === "away");
    const answer = await call("/api/v1/duty", { method: "PUT", ...jsonBody({ onDuty: next === "on" }) });
    if (answer.ok) return router.refresh();
    setAway(next === "on");
    toast(words("failed"));
  }

  return { isAway, set: (next: "on" | "away") => void set(next), words };
}

/** First letters of the first and the last name, by character and not by code unit. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? "")][0] ?? "",
  );
  return letters.join("").toUpperCase();
}
