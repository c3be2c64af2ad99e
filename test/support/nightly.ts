/** Whether `npm run test:nightly` runs: then long proofs are made whole. */
export const isNightly = Number(process.env['TEST_ROUNDS'] ?? 5) >= 1_000;
