package dev.atelier.operation;

import dev.atelier.kernel.Caller;
import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The members that SageMaker's List operations share ({@code SortBy, SortOrder, NameContains, CreationTimeAfter,
 * MaxResults, NextToken} and their like), read from a request's document. The table has the columns {@code arn, account,
 * region, name, created_at}; {@code status} and {@code modified_at} where its operation filters or sorts by them.
 */
public final class ResourceListing {
  private static final List<String> ALWAYS = List.of("arn", "account", "region", "name", "created_at");

  private final Map<String, Object> request;
  private final KeysetQuery query;

  private ResourceListing(Map<String, Object> request, KeysetQuery query) {
    this.request = request;
    this.query = query;
  }

  /**
   * The caller's rows of a table that the request asks for, newest first unless it says otherwise.
   *
   * @param more columns beside those that every such table has
   */
  public static ResourceListing of(Caller caller, Map<String, Object> request, String table, String... more) {
    KeysetQuery query = KeysetQuery.from(table, Stream.concat(ALWAYS.stream(), Stream.of(more)).toArray(String[]::new))
        .equal("account", caller.account().value()).equal("region", caller.region().name());
    ResourceListing listing = new ResourceListing(request, query);
    query.equal("status", listing.text("StatusEquals"))
        .contains("name", listing.text("NameContains"))
        .after("created_at", listing.time("CreationTimeAfter"))
        .before("created_at", listing.time("CreationTimeBefore"))
        .after("modified_at", listing.time("LastModifiedTimeAfter"))
        .before("modified_at", listing.time("LastModifiedTimeBefore"))
        .sortBy(listing.sortColumn(), "arn",
            KeysetQuery.Direction.of(listing.text("SortOrder"), KeysetQuery.Direction.DESCENDING));
    return listing;
  }

  /** Keeps rows whose column has this value. */
  public ResourceListing equal(String column, Object value) {
    query.equal(column, value);
    return this;
  }

  /** Keeps rows whose column contains a member of the request, in whatever case, when the request has it. */
  public ResourceListing containing(String column, String member) {
    query.contains(column, text(member));
    return this;
  }

  /** Keeps rows whose column has the text somewhere, letter by letter, when there is one. */
  public ResourceListing holding(String column, Optional<String> part) {
    query.holds(column, part);
    return this;
  }

  public <T> Page<T> page(MetadataStore store, RowMapper<T> mapper) {
    OptionalInt most = request.get("MaxResults") instanceof Integer value ? OptionalInt.of(value) : OptionalInt.empty();
    return store.read(tx -> query.page(tx, most, text("NextToken"), mapper));
  }

  private String sortColumn() {
    return switch (text("SortBy").orElse("CreationTime")) {
      case "Name" -> "name";
      case "Status" -> "status";
      case "LastModifiedTime" -> "modified_at";
      default -> "created_at";
    };
  }

  private Optional<String> text(String member) {
    return Optional.ofNullable((String) request.get(member));
  }

  private Optional<Instant> time(String member) {
    return Optional.ofNullable((Instant) request.get(member));
  }
}
