import { preset } from '../../jest.preset.mjs';

// They pack, install and compile, on machines that may be busy.
export default { ...preset('packages-e2e'), testTimeout: 120_000 };
