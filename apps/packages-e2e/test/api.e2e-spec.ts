import { expect, it } from '@jest/globals';
import { execPath } from 'node:process';

import { run } from './support/run.js';
import { WORKSPACE } from './support/workspace.js';

it('every library is documented and has the public face that its API reports show', async () => {
  await expect(run(execPath, ['tools/api/api-reports.mjs'], WORKSPACE)).resolves.toBe('');
});
