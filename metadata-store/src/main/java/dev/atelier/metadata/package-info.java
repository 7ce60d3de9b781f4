/**
 * Durable rows: one SQLite database behind transactions that are on disk when they return, numbered migrations, keyset
 * paging, tags, sealed secrets, and the layout and lock of the data folder. Owns the table {@code tag}.
 */
package dev.atelier.metadata;
