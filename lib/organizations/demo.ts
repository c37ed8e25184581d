/** The organization that the demo's seed makes: always the same, so that a command knows it without being told. */
export const DEMO_ORGANIZATION_ID = "0195e2c4-7a00-7000-8000-00000000de30";
