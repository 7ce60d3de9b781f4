package dev.atelier.models;

import java.util.Map;
import java.util.function.Function;

/**
 * An operation with the types of its records.
 *
 * @param service botocore's name of the service, as {@link ServiceModel#load} takes it
 * @param reader turns a checked document into the input record
 */
public record Operation<I extends WireRecord, O extends WireRecord>(
    String service, String name, Function<Map<String, Object>, I> reader) {}
