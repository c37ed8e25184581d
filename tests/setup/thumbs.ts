import { expect, type Frame, type Page } from "@playwright/test";
import { picture } from "./accessible";

/** What a thumb hits without looking, in CSS pixels. */
const TARGET = 44;

/** Everything that can be pressed. What has a label is pressed by it as well. */
const PRESSED = [
  "a[href]",
  "button",
  "select",
  "textarea",
  "summary",
  "input",
  "[role=button]",
  "[role=option]",
  "[role=menuitem]",
  "[role=menuitemradio]",
  "[role=menuitemcheckbox]",
].join(", ");

/**
 * Looks at a page as it is on a phone: whatever can be pressed is as large as a thumb, nothing runs off the side, and an
 * amount brings up the keys that amounts are typed with. Links in the midst of a sentence are as high as its line. Where
 * `LEEWAY_SCREENSHOTS` names a folder, a picture is left in it.
 *
 * @param what the state that is looked at, as a failure is to call it.
 * @param frame what is looked at of the page, where it is less than all of it.
 */
export async function expectThumbs(page: Page, what: string, frame: Frame = page.mainFrame()): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  const found = await frame.evaluate(
    ({ pressed, target, screen }) => {
      const faults: (string | number)[][] = [];
      /** What is hidden from the eye and comes with the focus, such as a link past the bar, is for keys. */
      const isSeen = (element: Element) => {
        const { width: w, height: h } = element.getBoundingClientRect();
        const isKept = element.checkVisibility({ opacityProperty: false, visibilityProperty: true });
        return isKept && w > 1 && h > 1 && element.closest("[aria-hidden=true], [inert]") === null;
      };
      const isInSentence = (element: Element) => getComputedStyle(element).display === "inline";
      const areaOf = (element: Element) => {
        const isTick = element.matches("input[type=checkbox], input[type=radio]");
        return (isTick ? (element.closest("label") ?? element) : element).getBoundingClientRect();
      };
      for (const element of document.querySelectorAll(pressed)) {
        if (!isSeen(element) || isInSentence(element)) continue;
        const area = areaOf(element);
        // Half a pixel is lost to rounding where something is measured in parts of a line.
        if (Math.min(area.width, area.height) > target - 0.5) continue;
        const name = element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 60) ?? "";
        faults.push([
          element.tagName.toLowerCase(),
          name || (element.getAttribute("name") ?? ""),
          `${Math.round(area.width)} × ${Math.round(area.height)}`,
        ]);
      }
      for (const input of document.querySelectorAll<HTMLInputElement>("input[type=text]")) {
        const label = input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent ?? "";
        if (!/^(amount|cost|at least|at most|the most|over|from)\b/i.test(label)) continue;
        if (input.inputMode !== "decimal" && input.inputMode !== "numeric")
          faults.push(["no keys for", label]);
      }
      // A phone makes room for what is too wide by showing all of it smaller, so its own width says nothing.
      const over = document.documentElement.scrollWidth - screen;
      if (over > 0) faults.push(["pixels off the side", over]);
      return faults;
    },
    { pressed: PRESSED, target: TARGET, screen: width },
  );
  await picture(page, `thumb-${what}`);
  // A walk of many pages tells of all of them at once.
  expect.soft(found, `${what}, under a thumb`).toEqual([]);
}
