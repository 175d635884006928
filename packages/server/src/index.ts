export { createEventTail, type EventTail } from './events/event-tail.ts';
export { createServer, type ServerParts, type TidepoolServer } from './server.ts';
export { createSessions, type Sessions } from './sessions.ts';
