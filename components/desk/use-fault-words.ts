import { useTranslations } from "next-intl";
import { decimalsOf, exampleAmount, formatCount } from "@/lib/format/money";
import { type Fault, NOTE_MIN, TEXT_MAX } from "./draft";

/** What is found out only by the verdict: it stands with a reason alone, or one of several remedies can't be given. */
type VerdictFault = "note" | "denied";

/** Each fault as a sentence that says what to do. */
export function useFaultWords(currency: string): (fault: Fault | VerdictFault) => string {
  const t = useTranslations("desk.form.error");
  return (fault) => {
    switch (fault) {
      case "happenedMissing":
      case "causeMissing":
      case "happenedNeeded":
      case "causeNeeded":
      case "dueMissing":
      case "duePassed":
      case "denied":
        return t(fault);
      case "causeNote":
      case "note":
        return t(fault, { min: NOTE_MIN });
      case "tooLong":
        return t(fault, { max: formatCount(TEXT_MAX.happened) });
    }
    return t(`amount.${fault}`, {
      currency,
      example: exampleAmount(currency),
      decimals: decimalsOf(currency),
    });
  };
}
