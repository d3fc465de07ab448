/** What an exercise may need besides commands: that the server tells of what happens to keys. */
export const KEYSPACE_EVENTS = 'keyspace-events';
