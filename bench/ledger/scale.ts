/** How much is measured, and for how long. */
export interface Scale {
  rounds: number;
  /** Of each load that is kept up. */
  seconds: number;
  members: number;
  partners: number;
  /** Rows of a bulk file. */
  fileRows: number;
  /** Movements of the large ledger that is read, and of the small one beside it. */
  entries: number;
  fewEntries: number;
  /** Reads that are timed in each round. */
  reads: number;
}

export const fullScale: Scale = {
  rounds: 5,
  seconds: 4,
  members: 200_000,
  partners: 1_000,
  fileRows: 500_000,
  entries: 5_000_000,
  fewEntries: 10_000,
  reads: 3_000,
};

export const smokeScale: Scale = {
  rounds: 2,
  seconds: 0.3,
  members: 2_000,
  partners: 20,
  fileRows: 5_000,
  entries: 20_000,
  fewEntries: 1_000,
  reads: 50,
};
