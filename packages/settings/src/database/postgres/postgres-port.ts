/** Where PostgreSQL listens when nobody says otherwise. */
export const POSTGRES_PORT = 5432;
