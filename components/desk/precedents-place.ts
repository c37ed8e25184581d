/** Where on the page similar cases are told, beside what was done for the customer before. */
export const PRECEDENTS_PLACE = "similar-cases";
