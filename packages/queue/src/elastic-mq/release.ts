/** Which ElasticMQ: one version for the jars and the image, one configuration for both. */
import { fileURLToPath } from 'node:url';

export const elasticMqVersion = '1.6.14';
/** The one that runs on Java: the same program as the jars. The native one is compiled from it, and is not tried by us. */
export const elasticMqImage = `softwaremill/elasticmq:${elasticMqVersion}`;
export const elasticMqConfig = fileURLToPath(new URL('../../elasticmq.conf', import.meta.url));
