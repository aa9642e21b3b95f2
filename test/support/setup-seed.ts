import fc from 'fast-check';

/** Every property of a run starts from the seed that the run printed, so `TEST_SEED=<seed>` repeats it exactly. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.TEST_SEED) });
