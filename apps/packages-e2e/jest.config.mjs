import { preset } from '../../jest.preset.mjs';

export default preset('packages-e2e');
