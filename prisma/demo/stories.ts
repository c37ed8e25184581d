import type { Remedy } from "@/lib/discretion/schema";
import type { Random } from "./random";

export const CAUSES = [
  "late delivery",
  "damaged",
  "wrong item",
  "billing error",
  "service failure",
  "misunderstanding",
  "other",
] as const;

export type Cause = (typeof CAUSES)[number];

/** What the catalogue calls them; whoever finds none that fits says a word about it. */
export const CATALOGUE: Record<Cause, { name: string; needsNote: boolean }> = {
  "late delivery": { name: "Late delivery", needsNote: false },
  damaged: { name: "Damaged", needsNote: false },
  "wrong item": { name: "Wrong item", needsNote: false },
  "billing error": { name: "Billing error", needsNote: false },
  "service failure": { name: "Service failure", needsNote: false },
  misunderstanding: { name: "Misunderstanding", needsNote: false },
  other: { name: "Something else", needsNote: true },
};

/** What the demo's agent promised, and in how many days from today it is due. */
export const PROMISES = [
  { text: "Call whether the carrier came, and offer the evening.", dueInDays: 0 },
  { text: "Send the photo of the new fabric as soon as it is in.", dueInDays: 2 },
  { text: "Ask how the replacement stands up.", dueInDays: 5 },
] as const;

/** What happened, and what a customer may need then. */
type Plot = readonly [happened: string, ...needs: string[]];

interface Story {
  weight: number;
  remedies: readonly (readonly [remedy: Remedy, weight: number])[];
  plots: readonly Plot[];
}

/** Words in braces are drawn from these, the same one each time within a case. */
const WORDS: Record<string, readonly string[]> = {
  item: [
    "oak side table",
    "linen sheet set",
    "floor lamp",
    "wool rug",
    "bookshelf",
    "set of six glasses",
    "dining chair",
    "ceramic planter",
    "bathroom mirror",
    "bed frame",
    "desk lamp",
    "coffee table",
    "cast-iron pan",
    "armchair",
    "storage basket",
    "duvet",
  ],
  furniture: [
    "side table",
    "bookshelf",
    "dining chair",
    "bed frame",
    "coffee table",
    "armchair",
    "desk",
    "bench",
  ],
  color: ["in grey, not in green", "in walnut, not in oak", "in blue, not in sand", "in black, not in white"],
  days: ["two days", "three days", "four days", "a week", "nine days"],
  event: [
    "the house-warming",
    "their guests come",
    "the move",
    "the birthday",
    "the baby arrives",
    "the holidays",
  ],
  part: ["a leg", "one drawer front", "the back panel", "a corner", "the armrest"],
  hour: ["forty minutes", "half an hour", "close to an hour"],
};

export const STORIES: Record<Cause, Story> = {
  "late delivery": {
    weight: 28,
    remedies: [
      ["credit", 44],
      ["fee_waiver", 32],
      ["upgrade", 14],
      ["refund", 10],
    ],
    plots: [
      [
        "The {item} came {days} late, and nobody had said so.",
        "To be told next time.",
        "Not to pay for delivery.",
      ],
      [
        "The delivery was moved twice; a day off work was spent waiting.",
        "A time that holds.",
        "An evening slot.",
      ],
      [
        "The {item} has been in the depot for {days}.",
        "To have it before {event}.",
        "To pick it up in the store.",
      ],
      [
        "The driver left a card without ringing the bell.",
        "A second try today.",
        "A call before the next try.",
      ],
      [
        "Tracking said delivered; the parcel came {days} later.",
        "To know where it was.",
        "Not to pay for delivery.",
      ],
      [
        "The {item} was promised before {event} and is still on its way.",
        "It here in time, whatever it takes.",
      ],
    ],
  },
  damaged: {
    weight: 22,
    remedies: [
      ["replacement", 46],
      ["refund", 32],
      ["credit", 18],
      ["gift", 4],
    ],
    plots: [
      [
        "The {furniture} arrived with {part} broken.",
        "A whole one before {event}.",
        "To keep it, at a fair price.",
      ],
      [
        "The box was wet and the {item} is stained.",
        "A clean one.",
        "No trip to the post office for the return.",
      ],
      [
        "{part} of the {furniture} is scratched, photos are in the mail.",
        "To keep it, at a fair price.",
        "A new part.",
      ],
      ["Two of the glasses were in pieces when the box was opened.", "Two new ones before {event}."],
      [
        "The {furniture} wobbles: {part} was drilled wrong.",
        "One that stands.",
        "Somebody to come and fix it.",
      ],
    ],
  },
  "wrong item": {
    weight: 13,
    remedies: [
      ["replacement", 54],
      ["refund", 26],
      ["credit", 20],
    ],
    plots: [
      ["The {furniture} came {color}.", "The right one before {event}.", "Not to pay the return."],
      [
        "Somebody else's {item} was in the box.",
        "Their own order.",
        "To know that nobody else has their address.",
      ],
      ["One {item} was missing from the parcel.", "The missing one, soon.", "Only to pay for what came."],
      ["The right {item}, in the wrong size.", "To swap it in the store.", "Not to pay the return."],
    ],
  },
  "billing error": {
    weight: 11,
    remedies: [
      ["refund", 68],
      ["fee_waiver", 22],
      ["credit", 10],
    ],
    plots: [
      ["The delivery fee was charged twice.", "The second one back.", "A corrected receipt."],
      ["The discount of the catalogue was not taken off.", "The difference back on the card."],
      ["The {item} was charged at last season's price.", "The price on the page.", "A corrected receipt."],
      ["A returned {item} was never paid back.", "The money, before the statement closes."],
      [
        "The card was charged again for an order that was cancelled.",
        "To know that it won't happen next month.",
      ],
    ],
  },
  "service failure": {
    weight: 12,
    remedies: [
      ["credit", 50],
      ["gift", 22],
      ["upgrade", 16],
      ["fee_waiver", 12],
    ],
    plots: [
      [
        "Waited {hour} on the phone, then the line dropped.",
        "A number to call back.",
        "An answer, in writing.",
      ],
      ["Was sent from one department to the next, four times.", "Somebody who takes care of it to the end."],
      ["The assembly crew left without the last screws.", "To have the {furniture} finished before {event}."],
      ["Three mails about the {item} went unanswered.", "An answer, in writing."],
      ["The store had promised to hold the {item} and sold it.", "One from another store."],
    ],
  },
  misunderstanding: {
    weight: 8,
    remedies: [
      ["credit", 36],
      ["fee_waiver", 30],
      ["limit_extension", 24],
      ["refund", 10],
    ],
    plots: [
      [
        "Thought that assembly was included; the page could be read that way.",
        "To be treated as it was understood.",
      ],
      ["Took the price of one chair for the price of the set.", "To keep the set, at a price in between."],
      ["Believed that returns were free after thirty days too.", "A few more days to return it."],
      ["The voucher had run out a day before.", "To use the voucher after all."],
    ],
  },
  other: {
    weight: 6,
    remedies: [
      ["credit", 46],
      ["gift", 22],
      ["limit_extension", 16],
      ["fee_waiver", 16],
    ],
    plots: [
      ["Has bought here for years, and wrote to say that something has changed.", "To be heard."],
      ["Had surgery and could not return the {item} in time.", "A later date for the return."],
      [
        "Found a mistake in the assembly guide that nobody here had seen.",
        "That the next one has it easier.",
      ],
      ["Moved to another state between order and delivery.", "The {furniture} at the new address."],
    ],
  },
};

/** What makes an agent ask for more than one may give. */
export const LARGE_PLOTS: readonly Plot[] = [
  ["A whole kitchen was delivered broken, a week before {event}.", "To rent one until ours is whole."],
  [
    "The bed frame gave way at night. Nobody was hurt, the floor is damaged.",
    "The floor repaired this week.",
  ],
  [
    "Water from the washstand that we fitted ruined the parquet below.",
    "The repair paid for before the craftsmen leave.",
  ],
  ["All six desks for an office opening were lost by the carrier.", "To buy them elsewhere, today."],
  ["The crew scratched a new hardwood floor across two rooms.", "Not to be out of pocket for our mistake."],
];

export const REASONS = {
  oldOrder: [
    "Was in hospital when the return was due, the item is unused.",
    "The fault shows only in use; three others wrote the same about this batch.",
    "We had promised this in spring and never did it.",
    "Loyal for years, the first time that anything was asked of us.",
    "The replacement from summer broke in the same place.",
  ],
  gift: [
    "Third mishap in a row, and still friendly about it. I want them to stay.",
    "Their mail led to the new assembly guide; this is our thanks.",
    "The anniversary dinner stood on boxes because of us.",
    "Drove to the store twice for nothing, with two children in the car.",
  ],
} as const;

/** What managers say to what was handed over. */
export const ANSWERS = {
  approve: [
    "Yes. Call them back today, please.",
    "Of course. Thank you for asking for the whole of it.",
    "Yes, this is ours to make good.",
    "Go ahead.",
  ],
  adjust: [
    "This much covers the bill that they sent. Tell them that the rest follows with the second one.",
    "Let us begin with this and see what the craftsmen say.",
  ],
  decline: [
    "Their insurance pays for this; help them with the form.",
    "We rent them one instead, that is arranged already.",
  ],
} as const;

/** One of the plots with its words drawn. Three of four customers say what they need. */
export function tell(random: Random, plots: readonly Plot[]): { happened: string; need: string | null } {
  const [happened, ...needs] = random.pick(plots);
  const drawn = new Map<string, string>();
  const fill = (template: string) => {
    const text = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const word = drawn.get(name) ?? random.pick(WORDS[name] ?? [whole]);
      drawn.set(name, word);
      return word;
    });
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  return { happened: fill(happened), need: random.chance(0.75) ? fill(random.pick(needs)) : null };
}
