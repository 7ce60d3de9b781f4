/**
 * The pinned AWS service models at run time: {@link dev.atelier.models.ServiceModel} with its operations and shapes,
 * the check of their constraints, the authorisation table, and the base of the generated records.
 *
 * <p>A <em>document</em> is the neutral form between wire and records. A structure is a {@code Map<String, Object>} in
 * member order keyed by model member names, with absent members left out; a list is a {@code List<Object>}, a map a
 * {@code Map<String, Object>}, a string a {@code String}; numbers are {@code Integer}, {@code Long}, {@code Float} or
 * {@code Double} by the model's type; a timestamp is an {@code Instant}, a blob a {@code byte[]}, a streaming blob an
 * {@code InputStream}, and an event stream an {@code Iterable} of one-member documents.
 */
package dev.atelier.models;
