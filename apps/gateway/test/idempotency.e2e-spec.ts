import { idempotencyCases } from './support/idempotency-cases.js';

idempotencyCases('records in this process', { settings: () => ({}) });
