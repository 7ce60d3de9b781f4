package dev.atelier.models;

import java.util.List;
import java.util.Optional;

/**
 * How an operation pages.
 *
 * @param inputTokens members that carry the token in; most operations have one
 * @param outputTokens members or expressions that carry it out, in the same order
 * @param limit the member that bounds a page
 * @param moreResults the boolean that says that another page follows, where there is one
 * @param results members that grow from page to page
 */
public record Pagination(List<String> inputTokens, List<String> outputTokens, Optional<String> limit,
    Optional<String> moreResults, List<String> results) {}
