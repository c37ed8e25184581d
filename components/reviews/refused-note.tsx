import { useTranslations } from "next-intl";
import { SignInForm } from "@/components/auth/sign-in-form";
import { ErrorNote } from "@/components/ui/error-note";
import type { Refusal } from "./use-writing";

/** Why nothing was written, and what to do about it; what was typed stays. */
export function RefusedNote({ refusal, onSignedIn }: { refusal: Refusal; onSignedIn: () => void }) {
  const t = useTranslations("reviews.refused");
  if (refusal.code === "invalid") {
    return <ErrorNote title={refusal.errors.map(({ message }) => message).join(" ")} />;
  }
  if (refusal.code !== "signed_out") return <ErrorNote title={t(refusal.code)} />;
  return (
    <div className="flex flex-col gap-3">
      <ErrorNote title={t("signed_out")} />
      <SignInForm to={null} onSignedIn={onSignedIn} />
    </div>
  );
}
