/**
 * A URI with only the name of the database: libpq's variables contain the rest, so no credential is part of a URI. Not
 * encoded, because SQLAlchemy 2.0 would not decode it; the model refuses the characters that would need it.
 */
export const databaseUri = (name: string): string => `postgresql+psycopg2:///${name}`;
