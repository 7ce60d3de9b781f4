/**
 * Buckets and objects with S3's semantics. Contents lie in files with opaque names, keys and all else in an index; a key
 * never becomes a path.
 *
 * <p>Order of a write: a file in {@code objects/tmp} is written and flushed, renamed to its place, its folder flushed,
 * then the index row committed; the file it replaces goes after the commit. A crash in between leaves at most a file
 * without a row, which the next start sweeps away. Readers of a replaced object finish the old content.
 *
 * <p>Table {@code object} has what each key gives at present; older versions and delete markers are in {@code noncurrent},
 * so that a listing costs what it lists. {@link dev.atelier.objects.KeyHistory} moves rows between the two.
 *
 * <p>Owns {@code objects.db} (tables bucket, bucket_document, object, noncurrent, upload, part) and {@code objects/}.
 */
package dev.atelier.objects;
