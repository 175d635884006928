/** Imported before everything else: zod would compile its parsers with `new Function`, which our CSP forbids and reports. */
import { z } from 'zod';

z.config({ jitless: true });
